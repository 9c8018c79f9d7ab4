import { formatCount } from '../../../units.js';
import { pluralsOf } from '../plural.js';

/** `1 строка`, `2 строки`, `5 строк` */
export const plural = pluralsOf<'one' | 'few' | 'many' | 'other'>('ru');

/** A noun in its three forms, with a number: `count(5, 'строка', 'строки', 'строк')`. */
export const count = (number: number, one: string, few: string, many: string): string =>
  plural(number, { one, few, many, other: few });

export const rows = (number: number): string => count(number, 'строка', 'строки', 'строк');
export const queries = (number: number): string => count(number, 'запрос', 'запроса', 'запросов');
export const points = (number: number): string => count(number, 'точка', 'точки', 'точек');
export const times = (number: number): string => count(number, 'раз', 'раза', 'раз');

/** `1 случайной строке`, `1,000 случайных строках`: where something was tried. */
export const onRandomRows = (number: number): string =>
  `на ${count(number, 'случайной строке', 'случайных строках', 'случайных строках')}`;

/** `331 буфер`: a mean, to the nearest whole one. */
export const buffers = (number: number): string => count(Math.round(number), 'буфер', 'буфера', 'буферов');

/** `3 из 12 запросов` */
export const partOf = (part: number, whole: number): string =>
  `${formatCount(part)} из ${count(whole, 'запроса', 'запросов', 'запросов')}`;
