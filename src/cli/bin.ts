#!/usr/bin/env node
import { EXIT } from '../errors.js';
import type { Io } from './io.js';

const argv = process.argv.slice(2);

const interrupt = new AbortController();
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

/** The first signal asks politely, the second leaves at once. */
function stop(): void {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  process.stderr.write('\nStopping. Press Ctrl-C again to leave at once.\n');
  interrupt.abort();
}

// Imported once somebody listens: on a busy machine loading takes a second, in which a signal would end the program unheard.
const [{ main }, { redactingIo }, { reportFailure }] = await Promise.all([
  import('./main.js'),
  import('./redacting-io.js'),
  import('./report-failure.js'),
]);

// A reader that goes away (`pgvtune … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
};

// Node would leave with 1, which says that the answer is "no".
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    reportFailure(error, argv, redactingIo(io, argv));
    process.exit(EXIT.failed);
  });
}

process.exitCode = await main(argv, io);
