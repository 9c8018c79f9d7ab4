import { parentPort, workerData } from 'node:worker_threads';
import { createScan, type ScanBlock, type ScanTask } from './scan.js';

/*
 * A thread's share of the exact search. It answers a block when the scan is done with it, and `answers` with what the
 * scan found.
 */
const scan = createScan(workerData as ScanTask);

parentPort?.on('message', (message: ScanBlock | 'answers') => {
  const reply = message === 'answers' ? scan.answers() : scan.add(message);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  parentPort?.postMessage(reply);
});
