import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Io } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A working directory of a user: temporary, with `results/` and `datasets/` of its own. */
export function workingDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'pgvtune-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a command inside this process. */
export async function pgvtune(cwd: string, ...argv: string[]): Promise<Outcome> {
  const io = capturingIo(cwd);
  const code = await main(argv, io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

type Sink = Writable & { text(): string };

/** What a command knows of the world, in a test: what it prints can be read. */
export function capturingIo(cwd: string): Io & { readonly stdout: Sink; readonly stderr: Sink } {
  return { stdout: sink(), stderr: sink(), env: process.env, cwd, signal: new AbortController().signal };
}

function sink(): Sink {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { text: () => chunks.join('') });
}

const BIN = join(import.meta.dirname, '../../dist/cli/bin.js');

/** Starts the compiled program as a user would; `onStderr` sees what it says while it runs. */
export function start(cwd: string, argv: readonly string[], onStderr: (text: string) => void = () => undefined) {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onStderr(chunk.toString());
  });
  const done = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, done };
}
