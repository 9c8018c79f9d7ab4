import { PgvtuneError } from '../errors.js';

/** Why nothing is seen of a server, from the first connection to the last look. */
export const BLINDNESS = [
  'not-connected-yet',
  'unreachable',
  'authentication',
  'no-database',
  'too-many-connections',
  'starting-or-stopping',
  'connection-lost',
  'deadline',
  'privilege',
  'late',
  'other',
] as const;
export type Blindness = (typeof BLINDNESS)[number];

const BY_SQLSTATE: readonly (readonly [RegExp, Blindness])[] = [
  [/^28/, 'authentication'],
  [/^3D000$/, 'no-database'],
  [/^53300$/, 'too-many-connections'],
  [/^57P03$/, 'starting-or-stopping'],
  [/^57P0[1245]$/, 'connection-lost'],
  [/^(57014|55P03)$/, 'deadline'],
  [/^42501$/, 'privilege'],
];

/** @param connected whether the server had let us in before it failed */
export function blindnessOf(error: unknown, connected: boolean): Blindness {
  if (!(error instanceof PgvtuneError)) return 'other';
  const { sqlstate, deadlineMs } = error;
  if (deadlineMs !== undefined) return 'deadline';
  if (sqlstate !== undefined) return BY_SQLSTATE.find(([pattern]) => pattern.test(sqlstate))?.[1] ?? 'other';
  return connected ? 'connection-lost' : 'unreachable';
}
