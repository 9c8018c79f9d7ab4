import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readRun } from '../src/results/index.js';
import type { Fault, Place } from './faults.js';

/** One attack on one run. */
export interface Round {
  readonly command: 'tune' | 'bench';
  /** What it measures; a configuration of that name is in the working folder. */
  readonly work: 'plain' | 'load' | 'filtered' | 'hybrid';
  /** As in `--server`. */
  readonly server: string;
  readonly fault: Fault;
  /** From the start of the program to the fault, milliseconds. */
  readonly afterMs: number;
  /** Name of the run. */
  readonly run: string;
}

export interface RoundContext {
  /** Compiled program. */
  readonly bin: string;
  /** Working folder, with the configurations. */
  readonly folder: string;
  readonly place: Place;
}

export interface Played {
  /** The program's exit code; null: killed. */
  readonly code: number | null;
  /** What was found wrong; empty when all is as it should be. */
  readonly wrong: readonly string[];
}

/** Of the second of two processes at one run: the first was done, or it is refused. */
const TWIN_EXITS: readonly (number | null)[] = [0, 2];

/** Processes and folders of a server that was started end within this time. */
const END_MS = 30_000;

/**
 * Runs the program, does the fault at its moment, looks what is left, and resumes. Wrong is: an exit code that is not the
 * fault's, a defect reported, a journal that cannot be read, a record that was there and is not any more, a process,
 * temporary folder or schema that stays, and a resumption that does not come to an end.
 */
export async function playRound(round: Round, context: RoundContext): Promise<Played> {
  const { fault, run } = round;
  const { place } = context;
  const temporary = join(context.folder, 'tmp', run);
  mkdirSync(temporary, { recursive: true });
  fault.before?.(place);
  const first = start([`${round.work}.yaml`, '--name', run], round, { ...context, temporary });
  const again = (): Promise<Outcome> => start(['--resume', run], round, { ...context, temporary }).done;
  const twins: Outcome[] = [];
  const timer = pause(round.afterMs).then(() =>
    first.child.exitCode === null
      ? fault.act?.({ ...place, program: first.child, again: async () => twins.push(await again()) })
      : null,
  );
  const { code, stderr } = await first.done;
  await timer.catch(() => undefined);
  fault.after?.(place);

  const wrong: string[] = [];
  for (const said of [stderr, ...twins.map((twin) => twin.stderr)]) {
    if (/defect of pgvtune/.test(said)) wrong.push(`a defect: ${said}`);
  }
  for (const twin of twins) {
    if (!TWIN_EXITS.includes(twin.code)) wrong.push(`the second exits with ${twin.code}: ${lastLine(twin.stderr)}`);
  }
  wrong.push(...(await remains(temporary)));

  const results = join(context.folder, 'results');
  const before = existsSync(join(results, run, 'manifest.json')) ? keysOf(results, run) : null;
  // A signal that comes before the program listens ends it; then nothing was begun.
  const isUnheard = code === null && before === null;
  if (code !== 0 && !isUnheard && !fault.exits.includes(code)) wrong.push(`exit code ${code}: ${lastLine(stderr)}`);
  if (typeof before === 'string') return { code, wrong: [...wrong, before] };
  if (code === 0 || before === null) return { code, wrong };
  const resumed = await again();
  if (resumed.code !== 0) wrong.push(`the resumption exits with ${resumed.code}: ${lastLine(resumed.stderr)}`);
  const after = keysOf(results, run);
  if (typeof after === 'string') wrong.push(after);
  else if (before.some((key, i) => after[i] !== key)) wrong.push(`of ${before.length} records some are lost`);
  return { code, wrong: [...wrong, ...(await remains(temporary))] };
}

interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  { command, server, fault }: Round,
  { bin, folder, place, temporary }: RoundContext & { readonly temporary: string },
): { readonly child: ChildProcess; readonly done: Promise<Outcome> } {
  const child = spawn(process.execPath, [bin, command, ...args, '--server', server], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary, ...fault.environment?.(place) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  return { child, done: new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr }))) };
}

/** The keys of a run's records, or what is wrong with it. */
function keysOf(results: string, run: string): readonly string[] | string {
  try {
    return readRun(results, run).records.map(({ type, key }) => `${type} ${key}`);
  } catch (error) {
    return `the run cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Processes and files that a program left which has ended, once they had the time to end, too. */
async function remains(temporary: string): Promise<readonly string[]> {
  const giveUp = Date.now() + END_MS;
  for (;;) {
    const processes = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      .split('\n')
      .filter((line) => line.includes(temporary));
    const files = readdirSync(temporary);
    if (processes.length + files.length === 0) return [];
    if (Date.now() > giveUp) return [`left behind: ${[...processes, ...files].join(', ')}`];
    await pause(100);
  }
}

const lastLine = (text: string): string => text.trimEnd().split('\n').slice(-3).join(' / ');
