import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProcessIdentity, thisProcess } from '../../../src/results/store/process-identity.js';
import { lockRun } from '../../../src/results/store/run-lock.js';
import { temporaryFolder } from '../../support/processes.js';

const FOLDERS = 60;
const CONTENDERS = 4;
const MODULE = join(import.meta.dirname, '../../../dist/results/store/run-lock.js');

/** Waits for the start, tries to lock every folder, says which it holds, and keeps them until its input ends. */
const CONTENDER = `
  import { existsSync } from 'node:fs';
  import { lockRun } from ${JSON.stringify(MODULE)};
  const [root, folders] = process.argv.slice(1);
  process.stdout.write('ready\\n');
  while (!existsSync(root + '/go'));
  const held = [];
  for (let i = 0; i < Number(folders); i++) {
    try { lockRun(root + '/' + i); held.push(i); }
    catch (error) { if (error.code !== 'usage') throw error; }
  }
  process.stdout.write(JSON.stringify(held) + '\\n');
  process.stdin.resume();
`;

describe('the lock of a run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const leave = (path: string, holder: Partial<ProcessIdentity>): void =>
    writeFileSync(join(path, 'lock.3'), JSON.stringify({ ...thisProcess(), ...holder }));
  const refusal = (hint: RegExp) => expect.objectContaining({ code: 'usage', hint: expect.stringMatching(hint) });

  it('is held by one, and gone when it is released', () => {
    const release = lockRun(folder.path);
    expect(() => lockRun(folder.path)).toThrow(refusal(/Wait/));
    release();
    expect(folder.entries()).toEqual([]);
    lockRun(folder.path)();
  });

  it.each<[string, Partial<ProcessIdentity>]>([
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
    ['a process whose number another one has now', { pid: process.ppid, startedTicks: 1 }],
    ['a time before the machine was started again', { pid: process.ppid, boot: 'another' }],
  ])('is taken over from %s', (_, holder) => {
    leave(folder.path, holder);
    const release = lockRun(folder.path);
    expect(folder.entries()).toEqual(['lock.4']);
    release();
  });

  it('is taken over when its content did not reach the disk', () => {
    writeFileSync(join(folder.path, 'lock.1'), '');
    lockRun(folder.path)();
    expect(folder.entries()).toEqual([]);
  });

  it('of another machine is not taken over, and the hint says what to remove', () => {
    leave(folder.path, { host: `not-${hostname()}` });
    expect(() => lockRun(folder.path)).toThrow(refusal(/remove .*lock\.3/));
    expect(folder.entries()).toEqual(['lock.3']);
  });

  it('is taken over by exactly one of many that come at once', async () => {
    for (let i = 0; i < FOLDERS; i++) {
      mkdirSync(join(folder.path, String(i)));
      leave(join(folder.path, String(i)), { startedTicks: 1, pid: process.ppid });
    }
    const contenders = Array.from({ length: CONTENDERS }, () => contender(folder.path));
    await Promise.all(contenders.map(({ ready }) => ready));
    writeFileSync(join(folder.path, 'go'), '');
    const held = (await Promise.all(contenders.map((one) => one.held))).flat();
    for (const { end } of contenders) end();
    expect(held.toSorted((a, b) => a - b)).toEqual(Array.from({ length: FOLDERS }, (_, i) => i));
    expect(readdirSync(join(folder.path, '0'))).toEqual(['lock.4']);
  });
});

function contender(root: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CONTENDER, root, String(FOLDERS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  const held = ready.then(async () => JSON.parse((await lines.next()).value as string) as number[]);
  return { ready, held, end: () => child.stdin.end() };
}
