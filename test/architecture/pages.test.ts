import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/* What the pages name is there: links, and the files of the table in ARCHITECTURE.md. */

const ROOT = join(import.meta.dirname, '../..');
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

describe('the pages', () => {
  it.each(pages)('%s links to what is there', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!);
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });

  it('show the chart of the run whose report is recorded', () => {
    expect(read('docs/recall-latency.svg')).toBe(read('test/reports/golden/plain.recall-latency.svg'));
  });

  it('name in ARCHITECTURE.md only files and folders that are there', () => {
    const named = [...read('ARCHITECTURE.md').matchAll(/`((?:[a-z0-9-]+\/)+(?:[a-z0-9.-]+\.ts)?)`/g)].map(
      ([, path]) => path!,
    );
    expect(named.length).toBeGreaterThan(15);
    const lost = named.filter((path) => !existsSync(join(ROOT, 'src', path)) && !existsSync(join(ROOT, path)));
    expect(lost).toEqual([]);
  });
});
