import { beforeAll, describe, expect, it } from 'vitest';
import { parseStatements } from '../../src/migrations/sql/statements.js';
import { loadGrammar } from '../../src/statements/index.js';

beforeAll(loadGrammar);

const read = (text: string) => parseStatements(text).map(({ sql, line, error }) => [sql, line, error === null]);

describe('the statements of a text', () => {
  it.each([
    ['', []],
    ['-- nothing\n', []],
    [';;SELECT 1;;', [['SELECT 1', 1, true]]],
    [
      "-- Ü\nSELECT 1;\n/* Ü */ SELECT 'Ü;--' -- a\n, 2 ;\nSELECT 3",
      [
        ['SELECT 1', 2, true],
        ["SELECT 'Ü;--' -- a\n, 2", 3, true],
        ['SELECT 3', 5, true],
      ],
    ],
    [
      'SELECT 1 -- one\n;\nSELECT 2 /* two */;\nSELECT 3 -- three',
      [
        ['SELECT 1', 1, true],
        ['SELECT 2', 3, true],
        ['SELECT 3', 4, true],
      ],
    ],
    [
      '/* a /* b */ c */ SELECT 1; SELECT 2',
      [
        ['SELECT 1', 1, true],
        ['SELECT 2', 1, true],
      ],
    ],
    [
      'SELECT 1;\nSELEC 2;\nSELECT 3;',
      [
        ['SELECT 1', 1, true],
        ['SELEC 2', 2, false],
        ['SELECT 3', 3, true],
      ],
    ],
    [
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nDO $$ BEGIN; END $$;',
      [
        ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END', 1, true],
        ['DO $$ BEGIN; END $$', 2, true],
      ],
    ],
  ])('are those of %j, without comments around them', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});
