import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/processes.js';

/* The examples of docs/library.md are typed as a reader's own program would be, against the compiled package. */

const ROOT = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
afterAll(() => folder.remove());

it('shows examples that compile', () => {
  const blocks = [...readFileSync(join(ROOT, 'docs/library.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(1);
  const source = join(folder.path, 'src');
  mkdirSync(source);
  for (const [i, [, code]] of blocks.entries()) writeFileSync(join(source, `example-${i}.ts`), code!);
  writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    paths: { pgvtune: [join(ROOT, 'dist/index.d.ts')] },
  };
  writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  let errors = '';
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder.path], { encoding: 'utf8' });
  } catch (error) {
    errors = (error as { stdout: string }).stdout;
  }
  expect(errors).toBe('');
});
