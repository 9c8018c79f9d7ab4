import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predicate } from '../../src/postgres/predicate.js';

describe('a condition', () => {
  it.each([
    'tenant_id = 5',
    ` "we;ird" = 'a;b--c/*' `,
    `name = 'it''s' AND (a OR (b AND c))`,
    String.raw`note ~ 'a\.b' AND tag = E'\';'`,
    `body = $$;--$$ OR body = $x$ ' ; $x$`,
    `été = 'oui' AND data ->> 'a' <> ''`,
  ])('%s stands in parentheses', (text) => {
    expect(predicate(text)).toBe(`(${text.trim()})`);
  });

  it.each([
    ['a = 1; DROP TABLE t', 'a semicolon'],
    ['a = 1 -- and nothing else', 'a comment'],
    ['a = /* b */ 1', 'a comment'],
    ['a = $1', 'a parameter'],
    ['true) OR (true', 'a parenthesis that closes none'],
    ['(a = 1', 'a parenthesis that is not closed'],
    [`a = 'b`, 'a quotation that does not end'],
    ['a = "b', 'a quotation that does not end'],
    ['a = $$b', 'a quotation that does not end'],
    // Whether this ends depends on a setting of the server.
    [String.raw`a = 'b\' OR true`, 'a backslash before a quote'],
    ['a\0', 'a zero byte'],
    ['  ', 'nothing'],
  ])('%j is refused for %s', (text, what) => {
    expect(() => predicate(text)).toThrow(what);
  });

  it('never leaves its parentheses: outside of quotations they are balanced, and no semicolon is left', () => {
    const piece = fc.constantFrom('(', ')', ';', '--', "'", '"', '$$', '\\', 'E', 'a', ' ', "''", '$1', '/*', '$t$');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let accepted: string;
        try {
          accepted = predicate(pieces.join(''));
        } catch {
          return;
        }
        // An independent reading, for standard_conforming_strings = on.
        const bare = accepted.replaceAll(
          /E'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$t?\$)[^]*?\1|[a-zA-Z][\w$]*/g,
          'x',
        );
        expect(bare).not.toMatch(/;|--|\/\*|'|"/);
        let depth = 0;
        for (const [i, character] of bare.split('').entries()) {
          if (character === '(') depth++;
          if (character === ')') depth--;
          expect(depth > 0 || i === bare.length - 1).toBe(true);
        }
        expect(depth).toBe(0);
      }),
      { seed: 1, numRuns: 20_000 },
    );
  });
});
