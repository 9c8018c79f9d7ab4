import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ident, literal, qualified } from '../../src/postgres/index.js';

describe('ident', () => {
  it('quotes and doubles quotes', () => {
    expect(ident('items')).toBe('"items"');
    expect(ident('x"; DROP TABLE users; --')).toBe('"x""; DROP TABLE users; --"');
    expect(qualified('public', 'Große "Tabelle"')).toBe('"public"."Große ""Tabelle"""');
  });

  it('never lets a name end its own quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }), (name) => {
        fc.pre(Buffer.byteLength(name) <= 63 && !/\p{Cc}/u.test(name));
        expect(ident(name).slice(1, -1).replaceAll('""', '')).not.toContain('"');
      }),
    );
  });

  it('counts bytes, not characters: PostgreSQL would cut a longer name silently', () => {
    expect(ident('x'.repeat(63))).toHaveLength(65);
    expect(ident('ж'.repeat(31))).toHaveLength(33);
    expect(() => ident('x'.repeat(64))).toThrow(/1 to 63 bytes, got 64/);
    expect(() => ident('ж'.repeat(32))).toThrow(/got 64/);
    expect(() => ident('')).toThrow(/got 0/);
  });

  it.each(['a\0b', 'a\nb', 'a\u0085b', '\ud800'])('refuses %j', (name) => {
    expect(() => ident(name)).toThrow(/printable/);
  });
});

describe('literal', () => {
  it('means the same whatever standard_conforming_strings says', () => {
    expect(literal("it's")).toBe("'it''s'");
    expect(literal('a\\b')).toBe("E'a\\\\b'");
    expect(() => literal('a\0b')).toThrow(/zero/);
  });
});
