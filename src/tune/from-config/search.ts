import type { AnswerRecord, Search } from '../../results/index.js';
import type { Shape, Situation } from '../../workloads/index.js';

/** A search that a configuration asks for. */
export interface ConfiguredSearch<Answer extends AnswerRecord['answer'] = AnswerRecord['answer']> {
  /**
   * Refuses what cannot be measured, before a server is started.
   *
   * @throws {PgvtuneError} `usage`
   */
  check(shape: Shape): void;
  /** Asks the same questions for the same situation: that makes a run resumable. */
  search(situation: Situation): Search<Answer>;
}
