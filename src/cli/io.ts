import type { Writable } from 'node:stream';

/** Everything a command knows of the world outside, so that a test can give it another one. */
export interface Io {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborted by Ctrl-C: finish what must be finished, keep what is done. */
  readonly signal: AbortSignal;
}
