import { expect, it } from 'vitest';
import { preparedText } from '../../src/statements/index.js';

it.each([
  ['PREPARE a AS SELECT 1', 'SELECT 1'],
  ['prepare "a ""b" (int, numeric(8,2)) as\n  select $1', 'select $1'],
  ["/* route='/a' */ -- b\nPREPARE a(text[]) AS UPDATE t SET x = $1", 'UPDATE t SET x = $1'],
  ['SELECT 1', 'SELECT 1'],
  ["PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION 'a'"],
  ['SELECT a AS prepare FROM t', 'SELECT a AS prepare FROM t'],
])('of %j is %j', (text, statement) => {
  expect(preparedText(text)).toBe(statement);
});
