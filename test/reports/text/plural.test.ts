import { describe, expect, it } from 'vitest';
import { pluralsOf } from '../../../src/reports/text/plural.js';

describe('pluralsOf', () => {
  it('chooses the form of the language', () => {
    const english = pluralsOf<'one' | 'other'>('en');
    expect([0, 1, 2, 21, 1000].map((count) => english(count, { one: 'row', other: 'rows' }))).toEqual([
      '0 rows',
      '1 row',
      '2 rows',
      '21 rows',
      '1,000 rows',
    ]);
    const russian = pluralsOf<'one' | 'few' | 'many' | 'other'>('ru');
    const rows = { one: 'строка', few: 'строки', many: 'строк', other: 'строки' };
    expect([1, 3, 5, 11, 21].map((count) => russian(count, rows))).toEqual([
      '1 строка',
      '3 строки',
      '5 строк',
      '11 строк',
      '21 строка',
    ]);
  });
});
