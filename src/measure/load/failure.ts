import { type ErrorCode, PgvtuneError } from '../../errors.js';
import { VoidPoint } from '../arm.js';

/** An error as plain data: on the way out of a thread or a process it would lose its class and everything beside its message. */
export interface Failure {
  readonly message: string;
  /** `void`: the client cannot prove what it measured; `defect`: an error that is none of ours. */
  readonly code: ErrorCode | 'void' | 'defect';
  readonly hint: string | undefined;
  readonly sqlstate: string | undefined;
}

export function describeFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PgvtuneError) return { message, code: error.code, hint: error.hint, sqlstate: error.sqlstate };
  return { message, code: error instanceof VoidPoint ? 'void' : 'defect', hint: undefined, sqlstate: undefined };
}

export function toError({ message, code, hint, sqlstate }: Failure): Error {
  if (code === 'void') return new VoidPoint(message);
  if (code === 'defect') return new Error(message);
  return new PgvtuneError(code, message, { ...(hint ? { hint } : {}), ...(sqlstate ? { sqlstate } : {}) });
}
