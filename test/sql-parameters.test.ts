import { expect, it } from 'vitest';
import { ident, literal } from '../src/identifiers.js';
import { replaceParameters } from '../src/sql-parameters.js';

it('puts values for the parameters of a statement, and for nothing that looks like one', () => {
  const column = ident('price in $1 "net"');
  const constant = literal("it's $2 \\");
  const sql = `SELECT ${column} FROM t WHERE a = $1 AND ${column} = $12 AND b = ${constant}  -- not $1`;
  expect(replaceParameters(sql, (number) => `<${number}>`)).toBe(
    `SELECT ${column} FROM t WHERE a = <1> AND ${column} = <12> AND b = ${constant}  -- not $1`,
  );
});

it('leaves alone what a value brings', () => {
  expect(replaceParameters('SELECT $1, $2', (number) => (number === 1 ? "'$2'" : '$$'))).toBe("SELECT '$2', $$");
});
