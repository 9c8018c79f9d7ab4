import { expect, it } from 'vitest';
import type { GrowthFacts, GrowthPlan, LimitCode } from '../../src/capacity/index.js';
import { pastOneServer } from '../../src/reports/capacity/past-one-server.js';
import { runTextsIn } from '../../src/reports/text/run-languages.js';
import { contradictionsOf } from '../support/contradictions.js';

function section(
  language: 'en' | 'ru',
  limits: readonly LimitCode[],
  { servers = 4, ...spec }: Partial<GrowthFacts['spec']> & { readonly servers?: number | null } = {},
): string {
  const facts = {
    spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 }, ...spec },
    dimensions: 768,
    points: [{ knob: 87.2 }],
  } as unknown as GrowthFacts;
  const plan = { toRows: 100_000_000, servers, limits: limits.map((code) => ({ code })) } as unknown as GrowthPlan;
  return pastOneServer({ facts, plan, metric: 'cosine', k: 10, texts: runTextsIn(language) }).join('\n\n');
}

it.each(['en', 'ru'] as const)('names PostgreSQL’s own means and the statements, in %s', async (language) => {
  const text = section(language, ['memory']);
  if (language === 'en') for (const line of text.split('\n')) expect(contradictionsOf(line), line).toEqual([]);
  await expect(`${text}\n`).toMatchFileSnapshot(`past-one-server.${language}.md`);
});

it('says nothing while one server is enough', () => {
  expect(section('en', [], { servers: null })).toBe('');
});

it('names replicas alone where only the rate is too high', () => {
  const text = section('en', ['peak'], { servers: null });
  expect(text).toContain('Read replicas');
  expect(text).not.toContain('postgres_fdw');
});

it('prints no statement that would sort anew on the wrong server', () => {
  expect(section('en', ['memory'], { representation: 'bit' })).not.toContain('UNION ALL (');
});
