import type { Route, UnitKind } from '../../../../audit/index.js';
import { formatCount } from '../../../../units.js';

/** `a, b, and c` */
export const list = (items: readonly string[]): string => new Intl.ListFormat('en').format(items);

/** `a, b, or c` */
export const either = (items: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(items);

/** The day of a moment in ISO 8601: `2026-11-29`. */
export const date = (iso: string): string => iso.slice(0, 10);

/** What holds the executions of a loop together. */
export const UNITS: Readonly<Record<UnitKind, string>> = {
  trace: 'requests (by trace id)',
  transaction: 'transactions',
  gap: 'bursts of a session (statements within 50 ms of one another)',
};

/** ` Routes: /users (12), /chats (3).`; nothing where the application does not say it. */
export const routesOf = (routes: readonly Route[]): string =>
  routes.length === 0
    ? ''
    : ` Routes: ${routes.map(({ route, calls }) => `${route} (${formatCount(calls)})`).join(', ')}.`;
