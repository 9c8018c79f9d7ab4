import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workingDirectory } from '../support/command-line.js';

const ROOT = join(import.meta.dirname, '../..');
const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: ROOT, encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

it('is a package of what README links, in few files, that runs', () => {
  run(process.execPath, 'scripts/bundle.mjs');
  const [pack] = JSON.parse(run('npm', 'pack', '--dry-run', '--json', '--ignore-scripts')) as {
    files: { path: string }[];
  }[];
  const files = new Set(pack!.files.map(({ path }) => path));
  const links = Array.from(read('README.md').matchAll(/\]\(([^):#]+)\)/g), ([, link]) => link!);
  expect(links.filter((link) => !files.has(link))).toEqual([]);

  // What runs in a thread or process of its own is found by its file's name.
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const entries = sources.flatMap((file) =>
    Array.from(
      read(join('src', file)).matchAll(/workerEntry\(import\.meta\.url, '(?:\.\/)?([^']+)'\)/g),
      ([, name]) => name!,
    ),
  );
  expect(entries).toHaveLength(6);
  for (const entry of entries) expect(files).toContain(`lib/${entry}`);
  expect(files).toContain('lib/embedded-cluster.tar.gz');

  const directory = workingDirectory();
  try {
    const program = (...args: string[]): string =>
      execFileSync(process.execPath, [join(ROOT, 'lib/bin.js'), ...args], { cwd: directory.path, encoding: 'utf8' });
    expect(program('--version').trim()).toBe(JSON.parse(read('package.json')).version);
    program('dataset', 'generate', '--rows', '100', '--dims', '4', '--name', 'a', '--quiet');
    program('dataset', 'export', 'a', 'a.hdf5', '--neighbours', '5', '--quiet');
    expect(program('dataset', 'import', 'a.hdf5', '--name', 'b', '--quiet')).toMatch(/^b: 100 × 4/);
  } finally {
    directory.remove();
  }
});
