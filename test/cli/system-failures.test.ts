import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportFailure } from '../../src/cli/report-failure.js';
import { capturingIo, pgvtune, workingDirectory } from '../support/command-line.js';

let directory: ReturnType<typeof workingDirectory>;
beforeEach(() => (directory = workingDirectory()));
afterEach(() => directory.remove());

describe('what the operating system refuses', () => {
  it.each([
    ['EACCES', /Permission denied: \/r\/run-1.*Use a folder that this account may read and write/s],
    ['EPERM', /Permission denied: \/r\/run-1/],
    ['EROFS', /Read-only file system: \/r\/run-1.*Work in a folder that can be written to/s],
    ['ENOSPC', /No space left: \/r\/run-1.*Free some space/s],
    ['EDQUOT', /No space left: \/r\/run-1/],
    ['EIO', /The disk failed: \/r\/run-1/],
    ['EMFILE', /Too many open files: \/r\/run-1.*ulimit/s],
  ])('is no defect: %s has its own message, and what to do', (code, message) => {
    const io = capturingIo(directory.path);
    reportFailure(
      Object.assign(new Error(`${code}: refused, open '/r/run-1'`), { code, syscall: 'open', path: '/r/run-1' }),
      ['tune', '--json'],
      io,
    );
    expect(io.stderr.text()).toMatch(message);
    expect(io.stderr.text()).not.toContain('defect');
    expect(JSON.parse(io.stdout.text())).toMatchObject({ error: { code: 'environment' } });
  });

  it.each(['results', 'datasets'])('ends a run with 4: %s is no folder', async (name) => {
    writeFileSync(join(directory.path, name), '');
    const { code, stderr } = await pgvtune(directory.path, 'bench', '--server', 'embedded', '--quiet');
    expect(stderr).toContain(join(directory.path, name));
    expect(stderr).not.toContain('defect');
    expect(code).toBe(4);
  });

  it('ends a report with a sentence: the manifest is a folder', async () => {
    mkdirSync(join(directory.path, 'results', 'run-1', 'manifest.json'), { recursive: true });
    const { code, stderr } = await pgvtune(directory.path, 'report', 'run-1');
    expect(stderr).toMatch(/A folder where a file is expected: .*manifest\.json/);
    expect(stderr).not.toContain('defect');
    expect(code).toBe(4);
  });
});
