import { PgvtuneError } from '../errors.js';
import { systemError } from '../system-error.js';
import { documentText } from './document-text.js';
import type { Io } from './io.js';
import { printable } from '../printable.js';

/**
 * Prints why a command failed: one document for programs, a sentence and a hint for people; a stack only with --debug, or
 * for a defect of ours.
 *
 * @param argv the command's arguments
 */
export function reportFailure(
  error: unknown,
  argv: readonly string[],
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
): void {
  const known = error instanceof PgvtuneError ? error : systemError(error);
  const message = printable(known?.message ?? (error instanceof Error ? error.message : String(error)));
  if (argv.includes('--json')) {
    const { code, hint, sqlstate } = known ?? { code: 'defect', hint: undefined, sqlstate: undefined };
    stdout.write(documentText('error', { error: { code, message, hint, sqlstate } }));
  }
  stderr.write(`Error: ${message}\n`);
  if (known?.hint) stderr.write(`${printable(known.hint)}\n`);
  if (!known) stderr.write('This is a defect of pgvtune. Please report it with what follows.\n');
  if (!known || argv.includes('--debug')) stderr.write(`${printable(stackOf(error))}\n`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? (error.stack ?? '') : `${error.stack ?? ''}\nCaused by: ${stackOf(error.cause)}`;
}
