import type { AnswerRecord, Search } from '../../results/index.js';
import type { ServedShape, Shape, Situation } from '../../workloads/index.js';

/** A search that a configuration asks for. */
export interface ConfiguredSearch<Answer extends AnswerRecord['answer'] = AnswerRecord['answer']> {
  /**
   * Refuses what cannot be measured: once before a server is started, and once when it is known, before anything is
   * computed or loaded.
   *
   * @throws {PgvtuneError} `usage`
   */
  check(shape: Shape | ServedShape): void;
  /** Asks the same questions for the same situation: that makes a run resumable. */
  search(situation: Situation): Search<Answer>;
}
