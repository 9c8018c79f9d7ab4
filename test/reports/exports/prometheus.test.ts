import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prometheusMetrics } from '../../../src/reports/exports/prometheus.js';
import type { AnswerRecord } from '../../../src/results/index.js';
import { buildRecord, builtIndex, pointRecord, tuneAnswer } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';

const build = buildRecord({ index: builtIndex({ bytes: 123_456 }), seconds: 7 });
const point = pointRecord({ request: { build: build.key } });
const others = Array.from({ length: 50 }, (_, i) =>
  pointRecord({ request: { build: build.key, settings: { ef_search: 50 + i } } }),
);

const { spec } = build.request;
const { settings } = point.request;
const tuned = tuneAnswer({ recommendation: { spec, settings, build: build.key, point: point.key } });

function textOf(dataset: string, answer: AnswerRecord['answer'] = tuned): Promise<string> {
  const record: AnswerRecord = { type: 'answer', key: 'answer', finishedAt: '2026-01-01T00:00:00.000Z', answer };
  const records = [build, point, ...others, record];
  return prometheusMetrics({ folder: 'r', manifest: manifest('local', dataset), records });
}

const gated: AnswerRecord['answer'] = {
  kind: 'gate',
  baseline: { run: 'before', spec, settings },
  rules: { smallest: 0.05, falseAlarms: 0.001, misses: 0.02, budgetMs: 60_000 },
  tuned,
  verdict: 'slower',
  rounds: [],
  looks: [{ pairs: 20, shift: { value: 0.12, low: 0.08, high: 0.16 } }],
};

/** A sample line of the text format: a name, labels whose values are quoted, and a number. */
const SAMPLE = /^[a-z_]+\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\} -?[\d.e+-]+$/;

describe('the metrics of a run', () => {
  it('are few, whatever was measured, in base units and with one help and type each', async () => {
    const lines = (await textOf('docs')).trimEnd().split('\n');
    const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.length).toBeLessThanOrEqual(15);
    expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
    const names = lines.flatMap((line) => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toHaveLength(names.length);
    expect(lines).toContain('pgvtune_target_reached{dataset="docs",server="local"} 1');
    expect(lines).toContain('pgvtune_recommended_index_size_bytes{dataset="docs",server="local"} 123456');
    expect(lines).toContain(
      'pgvtune_recommended_latency_seconds{dataset="docs",server="local",percentile="p50"} 0.001',
    );
  });

  it('escape what comes from data', async () => {
    const samples = (await textOf('a"b\\c\nd')).split('\n').filter((line) => line.startsWith('pgvtune_'));
    expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
  });

  it('are joined by the verdict of a gate', async () => {
    const lines = (await textOf('docs', gated)).split('\n');
    expect(lines).toContain('pgvtune_gate_verdict_info{dataset="docs",server="local",verdict="slower"} 1');
    expect(lines).toContain('pgvtune_gate_latency_change_ratio{dataset="docs",server="local"} 0.12');
  });

  it.each(['grafana-dashboard.json', 'pgvtune.rules.yml', 'pgvtune.rules.test.yml'])(
    'are all that %s asks for',
    async (file) => {
      const asked = readFileSync(`docs/recipes/${file}`, 'utf8').match(/pgvtune_[a-z_]+(?=[{[ )]|'$)/gm) ?? [];
      const exported = new Set((await textOf('docs', gated)).match(/^pgvtune_[a-z_]+/gm));
      expect(new Set(asked).size).toBeGreaterThan(4);
      expect(asked.filter((name) => !exported.has(name))).toEqual([]);
    },
  );

  const lacksPromtool = spawnSync('promtool', ['--version']).status !== 0;
  it.skipIf(lacksPromtool && process.env['CI'] !== 'true')('are clean by promtool', async () => {
    execFileSync('promtool', ['check', 'metrics'], { input: await textOf('a"b', gated), stdio: 'pipe' });
  });

  it.skipIf(lacksPromtool && process.env['CI'] !== 'true')('make the alerts fire, and leave them silent', () => {
    execFileSync('promtool', ['test', 'rules', 'pgvtune.rules.test.yml'], { cwd: 'docs/recipes', stdio: 'pipe' });
  });
});
