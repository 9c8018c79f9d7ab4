import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { englishIn } from '../support/english-in.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

const EXAMPLE = join(import.meta.dirname, '../../results/example');

describe('report', () => {
  const directory = workingDirectory();
  const run = join(directory.path, 'results/example');
  const filesOf = (folder: string): ReadonlyMap<string, string> =>
    new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

  beforeAll(() => cpSync(EXAMPLE, run, { recursive: true }));
  afterAll(() => directory.remove());

  it('rebuilds documents and charts in Russian, and in English again, byte for byte', async () => {
    await pgvtune(directory.path, 'report', 'example');
    const english = filesOf(run);
    const { code, stdout } = await pgvtune(directory.path, 'report', 'example', '--lang', 'ru');
    expect(code).toBe(0);
    expect(stdout).toContain('vector_optimization.md');
    const russian = filesOf(run);
    expect(russian.get('vector_optimization.md')).toContain('## Решение');
    expect(englishIn(russian.get('all_points.md')!)).toEqual([]);
    const same = [...russian].filter(([name, text]) => text === english.get(name)).map(([name]) => name);
    expect(new Set(same)).toEqual(
      new Set([...russian.keys()].filter((name) => /^(README|.*\.(csv|html|json|ndjson)$)/.test(name))),
    );

    await pgvtune(directory.path, 'report', 'example', '--lang', 'ru');
    expect(filesOf(run)).toEqual(russian);
    await pgvtune(directory.path, 'report', 'example');
    expect(filesOf(run)).toEqual(english);
  });
});
