import type { Route, UnitKind } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import { pluralsOf } from '../../plural.js';

const plural = pluralsOf<'one' | 'few' | 'many' | 'other'>('ru', figures.count);

/** A noun in its three forms, with a number. */
export const count = (number: number, one: string, few: string, many: string): string =>
  plural(number, { one, few, many, other: few });

export const rows = (number: number): string => count(number, 'строка', 'строки', 'строк');
export const times = (number: number): string => count(number, 'раз', 'раза', 'раз');

/** `a, b и c` */
export const list = (items: readonly string[]): string => new Intl.ListFormat('ru').format(items);

/** `a, b или c` */
export const either = (items: readonly string[]): string =>
  new Intl.ListFormat('ru', { type: 'disjunction' }).format(items);

/** The day of a moment in ISO 8601: `2026-11-29`. */
export const date = (iso: string): string => iso.slice(0, 10);

export const calls = (number: number): string => count(number, 'вызов', 'вызова', 'вызовов');

/** What holds the executions of a loop together. */
export const UNITS: Readonly<Record<UnitKind, string>> = {
  trace: 'запросы к приложению (по идентификатору трассировки)',
  transaction: 'транзакции',
  gap: 'серии одной сессии (с паузами не больше 50 мс)',
};

/** ` Откуда: /users (12), /chats (3).`; nothing where the application does not say it. */
export const routesOf = (routes: readonly Route[]): string =>
  routes.length === 0
    ? ''
    : ` Откуда: ${routes.map(({ route, calls: number }) => `${route} (${figures.count(number)})`).join(', ')}.`;
