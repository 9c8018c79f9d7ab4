import type { Config } from '../config/index.js';
import type { Dataset } from '../datasets/index.js';
import type { Clock } from '../measure/index.js';
import type { Reporter } from '../progress.js';
import type { ControlRecord, RunManifest } from '../results/index.js';
import type { Target } from '../vocabulary.js';
import type { ServedShape } from '../workloads/index.js';

export interface ExperimentOptions {
  readonly command: RunManifest['command'];
  readonly config: Config;
  readonly dataset: Dataset;
  readonly target: Target | null;
  /** Folder of all runs. */
  readonly results: string;
  /** Name of the run: a new one, or with `resume` one that exists. */
  readonly run: string;
  readonly resume: boolean;
  /** What the table in use gives that the dataset is a sample of. */
  readonly control?: ControlRecord | null;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  readonly clock?: Clock;
  now(): Date;
  /**
   * Refuses what cannot be measured on this server, before anything is computed or loaded for it.
   *
   * @throws {PgvtuneError} `usage`
   */
  readonly check?: (shape: ServedShape) => void;
}
