import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { workerEntry } from '../../src/worker-entry.js';
import { processesMentioning, temporaryFolder } from '../support/processes.js';
import { hasLocal, open } from '../support/servers.js';

/** A program that opens a server, says so, and keeps it busy with a statement that would take a minute. */
const PROGRAM = `
  import { openServer } from ${JSON.stringify(workerEntry(import.meta.resolve('../../src/postgres/index.ts'), 'index.js'))};
  const server = await openServer(process.argv[1], { run: 'kill', signal: new AbortController().signal, note() {} });
  const session = await server.connect('test');
  const busy = session.query('SELECT count(*) FROM generate_series(1, 1000000000)', [], { deadlineMs: Infinity });
  console.log('ready');
  await busy;
`;

const choices = (await hasLocal()) ? ['embedded', 'local'] : ['embedded'];

describe.each(choices)('the %s server', (choice) => {
  // Everything that is started leaves its traces in here, or names it on its command line.
  let temporary: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    temporary = temporaryFolder();
    vi.stubEnv('TMPDIR', temporary.path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    temporary.remove();
  });

  const nothingLeft = (): void => {
    expect(temporary.entries()).toEqual([]);
    expect(processesMentioning(temporary.path)).toEqual([]);
  };

  it('leaves no process and no file when stopped', async () => {
    const server = await open(choice);
    const session = await server.connect('test');
    expect(temporary.entries()).toHaveLength(1);
    const processes = processesMentioning(temporary.path);
    expect(processes.length).toBeGreaterThan(1);
    // Ctrl-C on a terminal goes to the whole process group of the program, which alone decides what then happens.
    for (const { pid } of processes) expect(groupOf(pid)).not.toBe(groupOf(process.pid));

    // Not even a statement that WebAssembly cannot be stopped in holds it up.
    const endless = session.query('SELECT count(*) FROM generate_series(1, 1000000000)', [], { deadlineMs: 100 });
    await expect(endless).rejects.toMatchObject({ message: expect.stringContaining('did not finish') });

    await Promise.all([server.stop(), server.stop()]);
    nothingLeft();
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' });
    await expect(server.connect('late')).rejects.toMatchObject({ code: 'server' });
  });

  it('leaves no process and no file when interrupted while starting', async () => {
    const controller = new AbortController();
    const opening = open(choice, { signal: controller.signal });
    await vi.waitFor(() => expect(processesMentioning(temporary.path)).not.toEqual([]), { timeout: 60_000 });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'interrupted' });
    nothingLeft();
  });

  it('ends with the program, even when that is killed in the middle of a statement', async () => {
    const program = await start();
    program.kill('SIGKILL');
    await vi.waitFor(nothingLeft, { timeout: 60_000, interval: 50 });
  });

  it('says why, when it has ended by itself', async () => {
    const server = await open(choice);
    const program = choice === 'local' ? 'bin/postgres' : 'embedded-process';
    const [running] = processesMentioning(temporary.path).filter(
      ({ command }) => command.includes(program) && !command.includes('supervisor'),
    );
    process.kill(running!.pid, 'SIGKILL');
    await vi.waitFor(
      () =>
        expect(server.connect('test')).rejects.toMatchObject({
          code: 'environment',
          message: expect.stringContaining('ended with signal SIGKILL'),
        }),
      { timeout: 60_000 },
    );
    await server.stop();
    nothingLeft();
  });

  async function start(): Promise<ChildProcess> {
    const program = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, choice], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
    expect(line).toBe('ready');
    return program;
  }
});

const groupOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));
