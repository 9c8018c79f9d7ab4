import { expect, it } from 'vitest';
import { names } from '../../src/cli/options.js';

it('takes the names of several options together', () => {
  expect(names('lang, tenant')).toEqual(['lang', 'tenant']);
  expect(names('year', names('lang,tenant'))).toEqual(['lang', 'tenant', 'year']);
});
