import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { pgvtune, workingDirectory } from './support/command-line.js';

const FOLDER = resolve('docs/recipes');
const files = readdirSync(FOLDER);
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

describe('the recipes', () => {
  it('are all named in the documentation', () => {
    const page = readFileSync('docs/recipes.md', 'utf8');
    expect(files.filter((file) => !page.includes(`(recipes/${file})`))).toEqual([]);
  });

  it.each(files.filter((file) => /\.ya?ml$/.test(file)))('are YAML: %s', (file) => {
    const documents = parseAllDocuments(textOf(file));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(documents).toHaveLength(1);
  });

  it('call commands that exist, with options that they have', async () => {
    const calls = files.flatMap((file) =>
      Array.from(
        textOf(file).matchAll(/\bpgvtune (gate|compare|export|history|tune|bench|metrics) ([^\n|;&>]*)/g),
        ([, command, rest]) => ({
          command: command!,
          options: rest!.match(/(?<=\s|^)--[a-z-]+/g) ?? [],
        }),
      ),
    );
    expect(calls.length).toBeGreaterThan(6);
    for (const { command, options } of calls) {
      const { stdout } = await pgvtune('.', command, '--help');
      for (const option of options) expect(stdout, `${command} ${option}`).toMatch(new RegExp(`${option}\\b`));
    }
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('are units that systemd accepts', () => {
    const units = ['pgvtune-nightly.service', 'pgvtune-nightly.timer'].map((unit) => join(FOLDER, unit));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('one night', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(() => {
    directory = workingDirectory();
    const program = join(directory.path, 'pgvtune');
    writeFileSync(program, '#!/bin/sh\necho "$@" >> calls\nif [ "$1" = gate ]; then exit "$STATUS"; fi\n');
    chmodSync(program, 0o755);
  });
  afterAll(() => directory.remove());

  const night = (status: number, more: Readonly<Record<string, string>>) => {
    const { path } = directory;
    writeFileSync(join(path, 'calls'), '');
    const env = { PATH: [path, process.env['PATH']].join(delimiter), STATUS: String(status), ...more };
    const { status: code } = spawnSync('sh', [join(FOLDER, 'nightly.sh')], { cwd: path, env });
    return { code, calls: readFileSync(join(path, 'calls'), 'utf8').trimEnd().split('\n') };
  };

  it.each([0, 1, 3])('ends as its gate does, after metrics and history: %i', (status) => {
    const { code, calls } = night(status, { PGVTUNE_BASELINE: 'my run', PGVTUNE_TEXTFILE: 'a b.prom' });
    expect(code).toBe(status);
    expect(calls).toEqual([
      expect.stringMatching(/^gate pgvtune\.yaml --baseline my run --name nightly-\d{8}-\d{6} --quiet$/),
      expect.stringMatching(/^export nightly-\d{8}-\d{6} --output a b\.prom$/),
      'history --csv results/history.csv',
    ]);
  });

  it.each([2, 4, 130])('exports nothing of a gate that did not come to an answer: %i', (status) => {
    const { code, calls } = night(status, { PGVTUNE_BASELINE: 'b' });
    expect({ code, calls: calls.length }).toEqual({ code: status, calls: 1 });
  });

  it('needs a baseline', () => {
    const { code, calls } = night(0, {});
    expect(code).not.toBe(0);
    expect(calls).toEqual(['']);
  });
});
