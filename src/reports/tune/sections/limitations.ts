import { formatCount } from '../../../units.js';
import { list } from '../../text/markdown.js';
import { choicePoint, pointOf, type RunView, tuneAnswer } from '../run-view.js';
import { knowsBuildVariance } from './build-variance.js';

/** What the run did not measure. */
export function limitationsSection(run: RunView): string {
  const { dataset, server } = run.manifest;
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  const best = choicePoint(run, tuneAnswer(run)?.recommendation ?? null);
  const { measured } = best ?? views.find((view) => view.measured) ?? { measured: null };
  const tail = measured?.latencyMs.quantiles.find(({ estimate }) => !estimate);
  return [
    '## Limitations',
    'Not measured:',
    list([
      ...(dataset.synthetic ? ['Real vectors. These were generated.'] : []),
      ...(server.label.includes('WebAssembly')
        ? [
            'Native latencies. The server is PostgreSQL compiled to WebAssembly, with one session and no parallel builds. Recall, plans, buffers and sizes are those of PostgreSQL, but compare times only with each other.',
          ]
        : []),
      `Other table sizes. Everything was measured at ${formatCount(dataset.rows)} rows; the setting that a recall needs grows with the table.`,
      ...(knowsBuildVariance(run)
        ? []
        : [
            'Build variance (`measure.repeats`). Each index was built once. HNSW levels and k-means centres are random, so the recall of two builds differs by some tenths of a percentage point.',
          ]),
      ...(views.some(({ measured }) => measured?.cache.state === 'cold')
        ? ['A cold operating system cache. Pages missing from shared_buffers may still have been in it.']
        : ['Cold caches (`measure.cache`). Every figure was taken with the index in memory.']),
      run.throughputs.size === 0
        ? 'Concurrent clients. Every figure was taken on one connection.'
        : 'More clients than those under Throughput, and clients on other machines.',
      'Writes. Inserts, updates and vacuum change an index over time.',
      ...(tail
        ? [
            `The tail of latency (\`measure.queries\`). The ${Number((100 * tail.p).toPrecision(4))}th percentile needs ${formatCount(tail.needs)} different queries a point.`,
          ]
        : []),
    ]),
  ].join('\n\n');
}
