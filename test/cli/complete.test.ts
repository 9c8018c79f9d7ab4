import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../src/results/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { manifest } from '../support/run-manifest.js';

describe('completion', () => {
  const directory = workingDirectory();
  beforeAll(async () => {
    for (const run of ['one-night', 'other-night']) {
      createRun(join(directory.path, 'results'), { ...manifest('local'), run }).close();
    }
    const made = await pgvtune(
      directory.path,
      'dataset',
      'generate',
      '--rows',
      '100',
      '--dims',
      '3',
      '--name',
      'small',
    );
    expect(made.code, made.stderr).toBe(0);
  });
  afterAll(() => directory.remove());

  /** As the script of a shell asks: the words so far, the last of which is to be completed. */
  const complete = async (...words: string[]) => {
    const { code, stdout } = await pgvtune(directory.path, 'complete', '--', ...words);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    return { values: lines.slice(0, -1).map((line) => line.split('\t')[0]), directive: lines.at(-1) };
  };

  it.each([
    [['tu'], ['tune']],
    [['dataset', 'ver'], ['verify']],
    [['tune', '--index-'], ['--index-size']],
    [['plan', '--column-type', 'h'], ['halfvec']],
    [
      ['export', 'one-night', '--format', 'p'],
      ['prometheus', 'parquet'],
    ],
    [
      ['report', ''],
      ['other-night', 'one-night'],
    ],
    [
      ['compare', 'one-night', 'o'],
      ['other-night', 'one-night'],
    ],
    [['gate', '--baseline', 'on'], ['one-night']],
    [['tune', '--resume', 'ot'], ['other-night']],
    [['bench', '--dataset', ''], ['small']],
    [['dataset', 'show', 's'], ['small']],
    [['drift', 'small', ''], ['small']],
  ])('of %j is %j', async (words, values) => {
    expect(await complete(...words)).toEqual({ values, directive: ':4' });
  });

  it('offers every command', async () => {
    const { values } = await complete('');
    expect(values).toEqual(expect.arrayContaining(['tune', 'bench', 'dataset', 'export', 'mcp', 'clean']));
  });

  it('leaves files to the shell where nothing else fits', async () => {
    expect(await complete('tune', 'pgvtune.y')).toEqual({ values: [], directive: ':0' });
    expect(await complete('export', './res')).toEqual({ values: [], directive: ':0' });
  });

  it('prints a script for each shell, which bash reads', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await pgvtune(directory.path, 'complete', shell);
      expect([code, stdout]).toEqual([0, expect.stringContaining('pgvtune complete -- ')]);
    }
    const { stdout } = await pgvtune(directory.path, 'complete', 'bash');
    writeFileSync(join(directory.path, 'complete.bash'), stdout);
    const read = spawnSync('bash', ['-c', `source ${join(directory.path, 'complete.bash')} && complete -p pgvtune`]);
    expect(read.stdout.toString()).toBe('complete -o default -F __pgvtune_complete pgvtune\n');
  });

  it('refuses a shell that it does not know, and is not misled by a word that is called as one', async () => {
    expect((await pgvtune(directory.path, 'complete', 'csh')).code).toBe(2);
    expect((await complete('bash')).values).toEqual([]);
  });
});
