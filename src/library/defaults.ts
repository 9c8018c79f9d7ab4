import { type Reporter, silentReporter } from '../progress.js';

/** What every function of the library may be given. */
export interface CommonOptions {
  /** Default: progress is told to nobody. */
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

/** What one statement on a live table may take when nobody says. */
export const DEADLINE_MS = 30_000;

export const commonOf = ({ reporter = silentReporter, signal = new AbortController().signal }: CommonOptions) => ({
  reporter,
  signal,
});
