import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cpuTicks, ownProcesses, readBackendCpu } from '../../src/measure/processes.js';
import { hasLocal, open } from '../support/servers.js';

const MS_PER_TICK = 10;
const ticks = (): number => cpuTicks([process.pid])!;
/** A program that runs until it has used so much CPU time. */
const BURN = 'while (process.cpuUsage().user < 50_000);';

describe.runIf(existsSync('/proc/self/stat'))('CPU time of own processes', () => {
  it('has that of this process', () => {
    const before = ticks();
    const began = process.cpuUsage().user;
    while (process.cpuUsage().user - began < 50_000);
    expect(ticks() - before).toBeGreaterThanOrEqual(4);
  });

  it('has that of a child, while it runs and when it is gone', async () => {
    const before = ticks();
    execFileSync(process.execPath, ['-e', BURN]);
    const gone = ticks();
    expect(gone - before).toBeGreaterThanOrEqual(4);

    const child = spawn(process.execPath, ['-e', `${BURN} console.log('done'); setInterval(() => {}, 1000);`]);
    await once(child.stdout, 'data');
    expect(ticks() - gone).toBeGreaterThanOrEqual(4);
    child.kill();
    await once(child, 'exit');
  });

  it('has none of a process that is no descendant', () => {
    expect(cpuTicks([])).toBe(0);
    expect(readBackendCpu(process.pid)).toBeNull();
    expect(ownProcesses(process.pid)).toBeNull();
  });
});

describe.runIf(await hasLocal())('CPU time of a server', () => {
  it('has that of every session, of those that are closed as well', async () => {
    const server = await open('local');
    try {
      const mine = await server.connect('mine');
      const [, postmaster] = ownProcesses(mine.backendPid)!;
      const before = cpuTicks([postmaster!])!;
      const other = await server.connect('other');
      await other.query('SELECT count(*) FROM generate_series(1, 500000)');
      const used = readBackendCpu(other.backendPid)! / MS_PER_TICK;
      expect(used).toBeGreaterThan(0);
      expect(cpuTicks([postmaster!])! - before).toBeGreaterThanOrEqual(used - 1);
      await other.close();
      // The server waits for a session's process a moment after that has said goodbye.
      while (existsSync(`/proc/${other.backendPid}`)) await mine.query('SELECT 1');
      expect(cpuTicks([postmaster!])! - before).toBeGreaterThanOrEqual(used - 1);
    } finally {
      await server.stop();
    }
  });
});
