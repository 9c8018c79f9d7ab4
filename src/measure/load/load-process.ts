import { runThreads, type LoadJob } from './threads.js';
import { describeFailure } from './failure.js';
import type { ProcessMessage } from './run-process.js';

/*
 * The process that puts the load on: what it costs is the clients' own, and it can be killed while its threads wait for
 * a server that does not answer. It gets one job, tells what came of it, and is ended by its parent; or by itself when
 * the parent is gone.
 */

const kill = (): void => void process.kill(process.pid, 'SIGKILL');
// Ctrl-C on the terminal is for the parent.
process.on('SIGINT', () => undefined);
process.on('disconnect', kill);

process.once('message', (job: LoadJob) => {
  const tell = (message: ProcessMessage): void => void process.send?.(message);
  runThreads(job).then(
    (outcomes) => tell({ kind: 'done', outcomes }),
    (error) => tell({ kind: 'failed', failure: describeFailure(error) }),
  );
});
