import { type ErrorCode, PgvtuneError } from '../../errors.js';
import type { Reason } from '../../results/index.js';
import { VoidPoint } from '../arm.js';

/** An error as plain data: on the way out of a thread or a process it would lose its class and everything beside its message. */
export type Failure =
  /** The client cannot prove what it measured. */
  | { readonly code: 'void'; readonly reason: Reason }
  | {
      /** `defect`: an error that is none of ours. */
      readonly code: ErrorCode | 'defect';
      readonly message: string;
      readonly hint: string | undefined;
      readonly sqlstate: string | undefined;
    };

export function describeFailure(error: unknown): Failure {
  if (error instanceof VoidPoint) return { code: 'void', reason: error.reason };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PgvtuneError) return { message, code: error.code, hint: error.hint, sqlstate: error.sqlstate };
  return { message, code: 'defect', hint: undefined, sqlstate: undefined };
}

export function toError(failure: Failure): Error {
  if (failure.code === 'void') return new VoidPoint(failure.reason);
  const { code, message, hint, sqlstate } = failure;
  if (code === 'defect') return new Error(message);
  return new PgvtuneError(code, message, { ...(hint ? { hint } : {}), ...(sqlstate ? { sqlstate } : {}) });
}
