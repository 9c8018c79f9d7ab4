import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFloat32, decodeUint16, encodeFloat32, encodeUint16 } from '../../../src/analysis/index.js';

describe('samples in records', () => {
  it('are little-endian in base64', () => {
    expect(encodeUint16([1, 258])).toBe(Buffer.of(1, 0, 2, 1).toString('base64'));
    expect(encodeFloat32([1])).toBe(Buffer.of(0, 0, 0x80, 0x3f).toString('base64'));
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uint16Array(), (values) => {
        expect(decodeUint16(encodeUint16(values))).toEqual(values);
      }),
    );
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true }), (values) => {
        expect(decodeFloat32(encodeFloat32(values))).toEqual(values);
      }),
    );
  });

  it('are refused when they do not fit', () => {
    expect(() => encodeUint16([0.5])).toThrow(/Expected an integer, got 0.5 at position 0/);
    expect(() => encodeUint16([65_536])).toThrow(RangeError);
    expect(() => decodeUint16('AAAA')).toThrow(/samples of 2 bytes, got 3/);
    expect(() => decodeFloat32('AAAA')).toThrow(/samples of 4 bytes, got 3/);
  });
});
