import { type IndexKind, listOf } from './kind.js';
import { tomlStorage } from './storage.js';
import { unmodelled } from './unmodelled.js';
import { vectorChordRepresentations } from './vectorchord.js';

const MOST_EF = 65_535;

/**
 * VectorChord's graph of vectors quantised by RaBitQ.
 *
 * Source: VectorChord 1.1.1 `vchordg/types.rs`, `gucs.rs`, `finalize.sql`.
 */
export const vchordg: IndexKind = {
  ...unmodelled,
  name: 'vchordg',
  accessMethod: 'vchordg',
  extension: 'vchord',
  since: '0.5.0',
  title: 'vchordg',
  parameters: [
    {
      kind: 'number',
      name: 'bits',
      meaning: 'Bits that a quantised vector has for a dimension.',
      integer: true,
      min: 1,
      max: 2,
      default: 2,
    },
    {
      kind: 'number',
      name: 'm',
      meaning: 'Links of a vertex to its neighbours.',
      integer: true,
      min: 1,
      max: 512,
      default: 32,
    },
    // Below 2.
    {
      kind: 'list',
      name: 'alpha',
      meaning: 'How much farther a way round may be before a link is pruned, pass by pass; the first is 1.0.',
      integer: false,
      min: 1,
      max: 1.999,
      mostMembers: 8,
      default: '[1.0, 1.2]',
    },
    {
      kind: 'number',
      name: 'ef_construction',
      meaning: 'Candidates kept while a vertex is inserted.',
      integer: true,
      min: 1,
      max: MOST_EF,
      default: 64,
    },
    {
      kind: 'number',
      name: 'beam_construction',
      meaning: 'Vertices that are expanded at once while one is inserted.',
      integer: true,
      min: 1,
      max: MOST_EF,
      default: 1,
    },
  ],
  storage: tomlStorage,
  knobs: [
    {
      kind: 'number',
      name: 'ef_search',
      meaning: 'Candidates kept while a query runs.',
      guc: 'vchordg.ef_search',
      since: '0.5.0',
      min: 1,
      max: MOST_EF,
      default: 64,
      integer: true,
      monotone: true,
    },
    {
      kind: 'number',
      name: 'beam_search',
      guc: 'vchordg.beam_search',
      since: '0.5.0',
      min: 1,
      max: MOST_EF,
      default: 1,
      integer: true,
      monotone: false,
    },
    {
      kind: 'number',
      name: 'max_scan_tuples',
      guc: 'vchordg.max_scan_tuples',
      since: '0.5.0',
      min: -1,
      max: 2_147_483_647,
      default: -1,
      integer: true,
      monotone: false,
    },
  ],
  representations: vectorChordRepresentations,
  conflict: ({ alpha = '[1.0]' }) =>
    listOf(String(alpha))?.[0] === 1
      ? null
      : { message: `Expected alpha to begin with 1.0, got ${alpha}.`, hint: 'Write it as [1.0, 1.2].' },
};
