import { type IndexKind, listOf } from './kind.js';
import { tomlStorage } from './storage.js';
import { unmodelled } from './unmodelled.js';
import { vectorChordRepresentations } from './vectorchord.js';

const WORDS = ['false', 'true'] as const;
const MOST_LISTS = 2 ** 24;

/** How many levels of centres the lists have. */
const levelsOf = (lists: number | string | undefined): number =>
  typeof lists === 'string' ? (listOf(lists)?.length ?? 0) : 0;

/**
 * VectorChord's inverted lists of vectors quantised by RaBitQ, with centres on several levels where the rows are many.
 *
 * Source: VectorChord 1.1.1 `vchordrq/types.rs`, `gucs.rs`, `finalize.sql`.
 */
export const vchordrq: IndexKind = {
  ...unmodelled,
  name: 'vchordrq',
  accessMethod: 'vchordrq',
  extension: 'vchord',
  since: '0.5.0',
  title: 'vchordrq',
  parameters: [
    {
      kind: 'choice',
      name: 'residual_quantization',
      meaning: 'Whether the distance of a vector to its centre is what is quantised.',
      values: WORDS,
      default: 'false',
    },
    {
      kind: 'choice',
      name: 'rerank_in_table',
      meaning: 'Whether rows are sorted anew by the vectors of the table, of which the index then keeps none.',
      values: WORDS,
      default: 'false',
    },
    {
      kind: 'list',
      name: 'lists',
      meaning:
        'Number of clusters that the rows are divided into; several numbers for as many levels, none for no clusters.',
      option: 'build.internal.lists',
      integer: true,
      min: 1,
      max: MOST_LISTS,
      mostMembers: 8,
      default: '[]',
    },
    {
      kind: 'choice',
      name: 'spherical_centroids',
      meaning: 'Whether the centres have length 1, as for the cosine distance.',
      option: 'build.internal.spherical_centroids',
      values: WORDS,
      default: 'false',
    },
    {
      kind: 'number',
      name: 'sampling_factor',
      meaning: 'Rows for each cluster that the centres are trained on.',
      option: 'build.internal.sampling_factor',
      integer: true,
      min: 1,
      max: 1024,
      default: 256,
    },
    {
      kind: 'number',
      name: 'kmeans_iterations',
      meaning: 'Most rounds of training.',
      option: 'build.internal.kmeans_iterations',
      integer: true,
      min: 0,
      max: 1024,
      default: 10,
    },
    {
      kind: 'number',
      name: 'build_threads',
      meaning: 'Threads that train the centres.',
      option: 'build.internal.build_threads',
      integer: true,
      min: 1,
      max: 255,
      default: 1,
    },
  ],
  storage: tomlStorage,
  knobs: [
    {
      kind: 'number',
      name: 'probes',
      meaning: 'Clusters that a query looks into; for several levels as many numbers in quotes, such as "10,40".',
      guc: 'vchordrq.probes',
      since: '0.5.0',
      min: 1,
      max: MOST_LISTS,
      default: 10,
      integer: true,
      monotone: true,
      atMost: 'lists',
      perMember: 'lists',
    },
    {
      kind: 'number',
      name: 'epsilon',
      meaning: 'How careful a query is about the error of the quantised distance.',
      guc: 'vchordrq.epsilon',
      since: '0.5.0',
      min: 0,
      max: 4,
      default: 1.9,
      integer: false,
      monotone: true,
      step: 0.1,
    },
    {
      kind: 'number',
      name: 'max_scan_tuples',
      guc: 'vchordrq.max_scan_tuples',
      since: '0.5.0',
      min: -1,
      max: 2_147_483_647,
      default: -1,
      integer: true,
      monotone: false,
    },
    {
      kind: 'choice',
      name: 'prefilter',
      guc: 'vchordrq.prefilter',
      since: '0.5.0',
      values: ['off', 'on'],
      default: 'off',
    },
  ],
  // Without lists every row is looked at, and how closely is all there is; of several levels no one number decides.
  recallKnob: ({ lists }) => (levelsOf(lists) === 0 ? 'epsilon' : levelsOf(lists) === 1 ? 'probes' : null),
  representations: vectorChordRepresentations,
  conflict: ({ lists }, { rows = Infinity }) => {
    const most = Math.max(0, ...(typeof lists === 'string' ? (listOf(lists) ?? []) : []));
    return most > rows
      ? { message: `Expected at most as many lists as rows, got ${most} for ${rows}.`, hint: 'Name fewer lists.' }
      : null;
  },
};
