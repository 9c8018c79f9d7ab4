import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, type Keep, type Plan, type Program, WHOLE } from './supervise.js';

/*
 * A process between the program and a server that the program started. It outlives the program, however
 * that ends (Ctrl-C, a crash, kill -9): when the channel to its parent closes, it ends the server and removes the
 * folder, unless it was told to keep it. Stopping in good order is the same thing: the parent closes the channel and waits.
 */

const KILL_AFTER_MS = 10_000;
/** What is kept is written first: all of shared_buffers, perhaps. */
const KILL_KEPT_AFTER_MS = 300_000;
const SUCCESS = 'exit code 0';

const folder = process.argv[2] ?? '';
const log = join(folder, 'server.log');
const output = openSync(log, 'a');
let child: ChildProcess | undefined;
let plan: Plan | null = null;
let keep = false;
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
  kill((keep ? plan?.keeping : plan)?.stopSignal ?? 'SIGTERM');
  setTimeout(kill, keep ? KILL_KEPT_AFTER_MS : KILL_AFTER_MS, 'SIGKILL').unref();
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

/** Marks what is kept as whole; what cannot be written through to the disk is not worth keeping. */
async function keepFolder({ keeping, environment }: Plan): Promise<boolean> {
  if (!keep || !keeping || (await run(keeping.sync, environment)) !== SUCCESS) return false;
  writeFileSync(join(folder, WHOLE), '');
  return true;
}

plan = await receivePlan();
process.on('message', (message) => (keep = (message as Keep).keep));
if (plan) await execute(plan);
// Backends of a postmaster that had to be killed may be writing their last files.
if (!plan || !(await keepFolder(plan)))
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
process.exit();
