import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildRecord, type PointRecord, readRun } from '../../src/results/index.js';
import { type Outcome, pgvtune, start, workingDirectory } from '../support/command-line.js';

const CONFIG = `
server: embedded
dataset: { generate: { rows: 4000, dimensions: 16, queries: 160, clusters: 20, intrinsic_dimension: 8 } }
target: { recall: 0.9 }
measure: { samples: 100 }
indexes:
  - hnsw: { m: [8, 16] }
`;

/** What a run learns from the one before it, on the same data and server. */
describe('a second search', () => {
  const directory = workingDirectory();
  let first: Outcome;
  beforeAll(async () => {
    writeFileSync(join(directory.path, 'pgvtune.yaml'), CONFIG);
    first = await tune('one');
  });
  afterAll(() => directory.remove());

  const tune = (name: string, ...more: string[]): Promise<Outcome> =>
    pgvtune(directory.path, 'tune', 'pgvtune.yaml', '--name', name, ...more);
  const recordsOf = (run: string): { builds: readonly BuildRecord[]; points: readonly PointRecord[] } => {
    const { records } = readRun(join(directory.path, 'results'), run);
    return {
      builds: records.flatMap((record) => (record.type === 'build' ? [record] : [])),
      points: records.flatMap((record) => (record.type === 'point' ? [record] : [])),
    };
  };
  /** Starts a run and kills it when it says `when`. @returns what it said */
  async function killedAt(name: string, when: RegExp, ...more: string[]): Promise<string> {
    let said = '';
    const { child, done } = start(directory.path, ['tune', 'pgvtune.yaml', '--name', name, ...more], (text) => {
      said += text;
      if (when.test(said)) child.kill('SIGKILL');
    });
    const outcome = await done;
    expect(outcome.code, outcome.stderr).toBeNull();
    return said;
  }
  const isOfFresh = ({ request, purpose = request.purpose }: { request: PointRecord['request']; purpose?: string }) =>
    purpose === 'confirm' || request.from !== undefined;

  it('looks where the first one looked without looking again, and measures all that it concludes from', async () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).not.toContain('Reusing measurements');
    const before = recordsOf('one');
    expect(before.points.every(({ fromRun }) => fromRun === undefined)).toBe(true);

    const second = await tune('two');
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toContain('Reusing measurements of run one to guide the search (--no-reuse disables this).');
    expect(second.stdout).toMatch(/points of earlier runs \(one\) guided the search/);
    const { builds, points } = recordsOf('two');
    const known = points.filter(({ fromRun }) => fromRun !== undefined);
    expect(known.length).toBeGreaterThan(3);
    for (const point of known) {
      const { spentSeconds, expectedSeconds } = point;
      const measured = before.points.find(({ key }) => key === point.key);
      // How far this run was is its own.
      expect(point).toEqual({ ...measured, fromRun: 'one', spentSeconds, expectedSeconds });
      expect(isOfFresh(point)).toBe(false);
    }
    // Every index that may be recommended stands in this run; those on some of the rows were not needed again.
    for (const { request, fromRun } of builds) expect(fromRun).toBe(request.rows === undefined ? undefined : 'one');
    const report = readFileSync(join(directory.path, 'results/two/all_points.md'), 'utf8');
    expect(report).toContain('search, of run `one`');
  });

  it('measures everything again when it is asked to', async () => {
    expect(await killedAt('fresh', /Measuring .* on 1,000 rows/, '--no-reuse')).not.toContain('Reusing measurements');
    const { builds, points } = recordsOf('fresh');
    expect(builds.some(({ request }) => request.rows !== undefined)).toBe(true);
    expect([...builds, ...points].every(({ fromRun }) => fromRun === undefined)).toBe(true);
  });

  it('builds a known index again when it is asked something new of it, and goes on after it was killed', async () => {
    await killedAt('higher', /Reusing measurements/, '--recall', '0.93');
    const resumed = await pgvtune(directory.path, 'tune', '--resume', 'higher');
    expect(resumed.code, resumed.stderr).toBe(0);
    const { builds, points } = recordsOf('higher');
    const keys = points.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const subsets = builds.filter(({ request }) => request.rows !== undefined);
    const own = points.filter(
      ({ fromRun, request }) => fromRun === undefined && subsets.some(({ key }) => key === request.build),
    );
    for (const { request } of own) {
      expect(builds.findLast(({ key }) => key === request.build)?.fromRun).toBeUndefined();
    }
  });
});
