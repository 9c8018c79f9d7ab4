import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Plan, Program } from './supervise.js';

/*
 * A process between the program and a server that the program started. It outlives the program, however
 * that ends (Ctrl-C, a crash, kill -9): when the channel to its parent closes, it ends the server and removes the
 * folder. Stopping in good order is the same thing: the parent closes the channel and waits.
 */

const KILL_AFTER_MS = 10_000;
const SUCCESS = 'exit code 0';

const folder = process.argv[2] ?? '';
const log = join(folder, 'server.log');
const output = openSync(log, 'a');
let child: ChildProcess | undefined;
let stopSignal: Plan['stopSignal'] = 'SIGTERM';
let stopping = false;

/** The first message; null when the parent has gone before it sent one. */
const receivePlan = (): Promise<Plan | null> =>
  new Promise((resolve) => {
    process.once('message', (plan) => resolve(plan as Plan));
    process.once('disconnect', () => resolve(null));
    if (!process.connected) resolve(null);
  });

async function execute({ programs, environment }: Plan): Promise<void> {
  for (const program of programs) {
    if (stopping) return;
    const how = await run(program, environment);
    const isServer = program === programs.at(-1);
    if (stopping || (how === SUCCESS && !isServer)) continue;
    const ended: Ended = { program: program.file, how, log: readFileSync(log, 'utf8').slice(-4000) };
    process.send?.(ended);
    return;
  }
}

function run({ file, args, user }: Program, env: Plan['environment']): Promise<string> {
  return new Promise((resolve) => {
    child = spawn(file, args, {
      cwd: folder,
      env,
      stdio: ['ignore', output, output],
      // A group of its own, so that initdb can be ended together with what it runs.
      detached: true,
      ...user,
    });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  kill(stopSignal);
  setTimeout(kill, KILL_AFTER_MS, 'SIGKILL').unref();
}

function kill(signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already, which is what was wanted.
  }
}

process.on('disconnect', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

const plan = await receivePlan();
if (plan) {
  ({ stopSignal } = plan);
  await execute(plan);
}
// Backends of a postmaster that had to be killed may be writing their last files.
await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
process.exit();
