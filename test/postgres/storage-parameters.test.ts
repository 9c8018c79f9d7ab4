import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { storageParameters } from '../../src/postgres/index.js';

it('keeps a value whole that has signs and lines of its own', () => {
  expect(storageParameters(['options=residual_quantization = true\nbuild.internal.lists = [10]', 'probes='])).toEqual({
    options: 'residual_quantization = true\nbuild.internal.lists = [10]',
    probes: '',
  });
  expect(storageParameters(null)).toEqual({});
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(storageParameters([`name=${value}`])).toEqual({ name: value });
    }),
  );
});
