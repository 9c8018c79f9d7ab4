import { checksOf } from '../../findings.js';
import type { Coverage } from '../coverage.js';
import type { RevisionGraph } from '../graph.js';
import type { History } from '../history.js';
import type { Replay } from '../replay/replay.js';

/** Everything that the checks of a history look at. */
export interface HistorySnapshot {
  readonly history: History;
  readonly graph: RevisionGraph;
  readonly coverage: Coverage;
  readonly replay: Replay;
}

/** Defines a check of a history. */
export const historyCheck = checksOf<HistorySnapshot>('migrations');
