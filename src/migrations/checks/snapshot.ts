import { checksOf } from '../../findings.js';
import type { Coverage } from '../coverage.js';
import type { RevisionGraph } from '../graph.js';
import type { History, Operation, Place, Revision } from '../history.js';

/** Everything that the checks of a history look at. */
export interface HistorySnapshot {
  readonly history: History;
  readonly graph: RevisionGraph;
  readonly coverage: Coverage;
}

/** A place of a revision. */
export interface Sight extends Place {
  readonly revision: string;
}

/** Defines a check of a history. */
export const historyCheck = checksOf<HistorySnapshot>('migrations');

export const sightOf = ({ id }: Revision, { place }: Pick<Operation, 'place'>): Sight => ({ revision: id, ...place });

/** Where the revision begins to do something. */
export const startOf = (revision: Revision): Sight => sightOf(revision, revision.up);
