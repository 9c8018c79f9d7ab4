import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJson } from '../src/checksummed-json.js';
import { resolveConfig } from '../src/config/index.js';
import { importDataset, openSource } from '../src/datasets/index.js';
import { isTooDeep, MOST_LEVELS } from '../src/nesting.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('nesting', () => {
  it('is too deep beyond a hundred levels, and quoted brackets do not count', () => {
    expect(isTooDeep(nested(MOST_LEVELS))).toBe(false);
    expect(isTooDeep(nested(MOST_LEVELS + 1))).toBe(true);
    expect(isTooDeep(JSON.stringify([nested(500), '\\"['.repeat(500)]))).toBe(false);
    expect(isTooDeep(`[${'[],'.repeat(500)}[]]`)).toBe(false);
  });

  it('agrees with the depth of what was written', () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(120), (json, more) => {
        const text = '{"a":'.repeat(more) + json + '}'.repeat(more);
        expect(isTooDeep(text)).toBe(depth(JSON.parse(text)) > MOST_LEVELS);
      }),
    );
  });
});

describe('deep input', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pgvtune-deep-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it.each([8_000, 200_000])('of %i levels is refused in data, not walked', async (levels) => {
    const path = file('deep.jsonl', `{"id":1,"embedding":[1,2],"more":${nested(levels)}}\n`);
    const source = openSource(path).then((opened) => importDataset(join(folder, 'store'), opened));
    await expect(source).rejects.toMatchObject({ code: 'dataset' });
    expect(() => parseJson(nested(levels), 'manifest.json')).toThrow(/nested deeper than 100 levels/);
  });

  it.each([
    ['flow lists', `k: ${nested(50_000)}`],
    ['flow maps', `k: ${'{a: '.repeat(50_000)}`],
    ['lists in one line', `k:\n  ${'- '.repeat(50_000)}1`],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('is refused in a configuration: %s', (_, yaml) => {
    const path = file('deep.yaml', yaml);
    expect(() => resolveConfig(path, {})).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
