import type { Relations } from './relations.js';
import { supports } from './relations.js';
import type { ForeignKey, Index } from './snapshot/relations.js';

/** Why an index that no query uses may still be needed. */
export const KEEP_REASONS = [
  'primary-key',
  'unique',
  'exclusion',
  'constraint',
  'referenced',
  'replica-identity',
  'cluster-order',
  'foreign-key',
  'partition',
  'expression-statistics',
] as const;
export type KeepReason = (typeof KEEP_REASONS)[number];

/** All of them that hold for an index; none: it may be dropped once its window is long enough. */
export function reasonsToKeep(
  index: Index,
  { foreignKeys, relations }: { readonly foreignKeys: readonly ForeignKey[]; readonly relations: Relations },
): readonly KeepReason[] {
  const holds: Readonly<Record<KeepReason, boolean>> = {
    'primary-key': index.constraint?.kind === 'primary',
    unique: index.unique && index.constraint?.kind !== 'primary',
    exclusion: index.constraint?.kind === 'exclusion',
    constraint: index.constraint?.kind === 'unique',
    referenced: index.referenced,
    'replica-identity': index.replicaIdentity,
    'cluster-order': index.clustered,
    'foreign-key': foreignKeys.some(
      (key) =>
        supports(index, key, relations) &&
        !relations.indexesOf(key.tableOid).some((other) => other.oid !== index.oid && supports(other, key, relations)),
    ),
    partition: index.attached,
    // ANALYZE keeps statistics of the expressions of an index, and the planner uses them without the index.
    'expression-statistics': index.keys.some(({ column }) => column === 0),
  };
  return KEEP_REASONS.filter((reason) => holds[reason]);
}
