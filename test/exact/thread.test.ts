import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startThread } from '../../src/exact/thread.js';

describe('a worker thread', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pgvtune-thread-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (name: string, onMessage: string) => {
    const file = join(folder, `${name}.mjs`);
    const imports = `import { parentPort, workerData } from 'node:worker_threads';`;
    writeFileSync(file, `${imports}\nparentPort.on('message', (message) => { ${onMessage} });`);
    return startThread(file, 10);
  };
  const enough = new Error('enough');

  it('answers in the order of the questions', async () => {
    const thread = start('adds', 'parentPort.postMessage(workerData + message);');
    expect(await Promise.all([1, 2, 3].map((question) => thread.ask(question)))).toEqual([11, 12, 13]);
    await thread.stop(enough);
  });

  it.each([
    ['throws', 'throw new RangeError("no room");', /failed: RangeError: no room/],
    ['exits', 'process.exit(7);', /ended with exit code 7/],
  ])('that %s fails every question, open and later', async (name, onMessage, message) => {
    const thread = start(name, onMessage);
    const open = [thread.ask(1), thread.ask(2)];
    for (const question of open) await expect(question).rejects.toMatchObject({ code: 'environment' });
    await expect(open[0]).rejects.toThrow(message);
    await expect(thread.ask(3)).rejects.toThrow(message);
    await thread.stop(enough);
  });

  it('that is stopped fails every question with the reason', async () => {
    const thread = start('waits', '');
    const open = thread.ask(1);
    const stopped = thread.stop(enough);
    await expect(open).rejects.toBe(enough);
    await expect(thread.ask(2)).rejects.toBe(enough);
    await stopped;
  });
});
