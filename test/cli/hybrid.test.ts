import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HybridAnswer } from '../../src/results/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
});
afterAll(() => directory.remove());

const generate = { rows: 800, dimensions: 8, queries: 130, text: { words: 8 } };

/** JSON is YAML. */
function config(hybrid: unknown, more: object = {}): string {
  const file = join(directory.path, 'pgvtune.yaml');
  const workloads = [hybrid === undefined ? 'hybrid' : { hybrid }];
  writeFileSync(file, JSON.stringify({ server: 'embedded', dataset: { generate }, workloads, ...more }));
  return file;
}

/** Nobody listens there: whoever asks it has nothing else to say. */
const NO_SERVER = ['--server', 'postgresql://nobody@127.0.0.1:1/none'];

describe('hybrid workloads', () => {
  it.each([
    [{ legs: ['magic'] }, {}, /Expected a way to search text, got "magic"/],
    [{ fusion: ['magic'] }, {}, /Expected a strategy for hybrid queries, got "magic"/],
    [{ settings: { magic: 1 } }, {}, /Expected a setting of hybrid statements, got "magic"/],
    [{ settings: { vector_weight: 2 } }, {}, /Expected vector_weight to be a number from 0 to 1, got "2"/],
    [{ text: 'title' }, {}, /Expected the text column of .*, "content", got "title"/],
    [{ judgements: 'none.qrels' }, {}, /none\.qrels/],
    [{ rerank_scores: 'none.scores' }, {}, /none\.scores/],
    [{ filter: 'owner' }, {}, /owner/],
    [{ filter: { column: 'owner', op: '~', value: 1 } }, {}, /filter/],
    [{}, { dataset: { generate: { ...generate, text: undefined } } }, /has no text to search beside its vectors/],
  ])('that cannot be are refused before a server is started: %j', async (hybrid, more, message) => {
    const { code, stdout, stderr } = await pgvtune(directory.path, 'tune', config(hybrid, more), ...NO_SERVER);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('in a language that the server does not know are refused before anything is loaded', async () => {
    const { code, stderr } = await pgvtune(directory.path, 'tune', config({ language: 'klingon' }));
    expect(code).toBe(2);
    expect(stderr).toMatch(/Expected a text search configuration of the server, got "klingon"/);
    expect(stderr).not.toMatch(/Loading|Building/);
  });

  it('whose language is not that of their text are told so before a server is started', async () => {
    const dataset = { generate: { ...generate, text: { words: 8, locale: 'ru' } } };
    const told = async (language: string): Promise<string> =>
      (await pgvtune(directory.path, 'tune', config({ language }, { dataset }), ...NO_SERVER)).stderr;
    expect(await told('english')).toMatch(/searched as english, but it seems to be in Cyrillic script/);
    expect(await told('russian')).not.toMatch(/seems to be/);
  });

  it.each([
    ['1 2', /expected query row score/],
    ['1 2 high', /expected query row score/],
    ['nobody nothing 0.5', /none of 1 lines names a query and a row/],
  ])('with scores of a re-ranker in another form are refused: %s', async (line, message) => {
    writeFileSync(join(directory.path, 'bad.scores'), `${line}\n`);
    const { code, stderr } = await pgvtune(directory.path, 'tune', config(undefined), '--rerank-scores', 'bad.scores');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  it('are what scores of a re-ranker are for', async () => {
    const file = join(directory.path, 'plain.yaml');
    writeFileSync(file, JSON.stringify({ dataset: { generate } }));
    const { code, stderr } = await pgvtune(directory.path, 'tune', file, '--rerank-scores', 'one.scores');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--rerank-scores is for hybrid workloads/);
  });

  it('get a fusion with SQL and figures, and the same report again without a server', async () => {
    const qrels = join(directory.path, 'one.qrels');
    // Whoever asks is content with the first rows: a ranking that nothing can be learnt from, but that is judged.
    const lines = Array.from({ length: 130 }, (_, query) => `${query} 0 ${query % 10} 1`);
    writeFileSync(qrels, `${lines.join('\n')}\n`);
    const settings = { text_bound: 100, vector_depth: 20, text_depth: 20 };
    const hybrid = { fusion: ['rrf', 'mixed-order'], judgements: 'one.qrels', settings };
    // A re-ranker that knows the relevant row.
    const scores = join(directory.path, 'one.scores');
    writeFileSync(scores, Array.from({ length: 130 }, (_, query) => `${query} ${query % 10} 0.9\n`).join(''));
    const indexes = [{ hnsw: { m: 16, ef_construction: 32 } }];
    // Large enough for the planner to take an index.
    const dataset = { generate: { ...generate, rows: 2500, dimensions: 64 } };
    const file = config(hybrid, { indexes, dataset, target: { recall: 0.9 } });
    const { code, stdout, stderr } = await pgvtune(
      directory.path,
      'tune',
      file,
      '--name',
      'hybrid',
      '--rerank-scores',
      'one.scores',
      '--json',
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const { answer, records } = JSON.parse(stdout);
    expect(answer.verdict).toBe('not asked');
    const { options, best, judged, fusions, legs }: HybridAnswer = answer.hybrid[0];
    expect(judged).toBe(130);
    // A scan of the table is the exact vector leg, and a candidate of its own.
    expect(options.map(({ strategy, spec }) => `${strategy} ${spec.method}`)).toEqual([
      'vector-only hnsw',
      'vector-only none',
      'text-only none',
      'rrf hnsw',
      'mixed-order none',
    ]);
    expect(new Set(options.map(({ outcome }) => outcome))).toEqual(new Set(['reaches']));
    expect(options[best!]!.outcome).toBe('reaches');
    // What was given is in every statement that has it, and is not chosen.
    for (const { strategy, settings } of options.slice(2))
      expect({ strategy, ...settings }).toMatchObject({ text_bound: 100 });
    expect(fusions.find(({ strategy }) => strategy === 'rrf')!.variants).toHaveLength(18);
    // What is among the candidates comes first, so that its nDCG is its recall.
    for (const { candidates } of fusions) {
      for (const { recall, reranked } of candidates) expect(reranked!.ndcg.value).toBeCloseTo(recall.value, 6);
    }
    expect(JSON.stringify(records)).not.toContain('rankings');
    if (options[best!]!.strategy === 'rrf')
      expect(legs).toMatchObject({ vector: expect.any(String), text: expect.any(String) });

    const report = (name: string): string => readFileSync(join(directory.path, 'results/hybrid', name), 'utf8');
    const text = report('vector_optimization.md');
    expect(text).toContain('## Hybrid queries: vector and text');
    expect(text).toContain('uses no index');
    expect(text).toContain("SET LOCAL plan_cache_mode = 'force_custom_plan';");
    expect(text).toContain('### Weights and constants');
    expect(text).toMatch(/embedded \(WebAssembly\)/);
    expect(report('points.csv').split('\n')[0]).toContain('rank_biased_overlap,ndcg,reciprocal_rank');

    expect((await pgvtune(directory.path, 'report', 'hybrid')).code).toBe(0);
    expect(report('vector_optimization.md')).toBe(text);
  });
});
