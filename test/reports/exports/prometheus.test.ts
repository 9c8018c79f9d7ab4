import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { prometheusText } from '../../../src/reports/exports/prometheus.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import { buildRecord, builtIndex, pointRecord, tuneAnswer } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';

const build = buildRecord({ index: builtIndex({ bytes: 123_456 }), seconds: 7 });
const point = pointRecord({ request: { build: build.key } });
const others = Array.from({ length: 50 }, (_, i) =>
  pointRecord({ request: { build: build.key, settings: { ef_search: 50 + i } } }),
);

const textOf = (dataset: string): string =>
  prometheusText(
    viewRun({
      manifest: manifest('local', dataset),
      records: [
        build,
        point,
        ...others,
        {
          type: 'answer',
          key: 'answer',
          finishedAt: '2026-01-01T00:00:00.000Z',
          answer: tuneAnswer({
            recommendation: {
              spec: build.request.spec,
              settings: point.request.settings,
              build: build.key,
              point: point.key,
            },
          }),
        },
      ],
    }),
    '2026-01-01T00:00:00.000Z',
  );

/** A sample line of the text format: a name, labels whose values are quoted, and a number. */
const SAMPLE = /^[a-z_]+\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\} -?[\d.e+-]+$/;

describe('the metrics of a run', () => {
  it('are few, whatever was measured, in base units and with one help and type each', () => {
    const lines = textOf('docs').trimEnd().split('\n');
    const samples = lines.filter((line) => !line.startsWith('#'));
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

  it('escape what comes from data', () => {
    const samples = textOf('a"b\\c\nd')
      .split('\n')
      .filter((line) => line.startsWith('pgvtune_'));
    expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
  });

  const lacksPromtool = spawnSync('promtool', ['--version']).status !== 0;
  it.skipIf(lacksPromtool && process.env['CI'] !== 'true')('are clean by promtool', () => {
    execFileSync('promtool', ['check', 'metrics'], { input: textOf('a"b'), stdio: 'pipe' });
  });
});
