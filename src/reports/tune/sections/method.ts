import { formatBytes } from '../../../units.js';
import { code, escapeText, table } from '../../text/markdown.js';
import { ALL_POINTS_FILE } from '../all-points.js';
import { conditionsRows } from '../conditions.js';
import type { RunView } from '../run-view.js';

/** Data, server, client and conditions. */
export function methodSection(run: RunView): string {
  const { manifest, load } = run;
  const { dataset, server, client } = manifest;
  const { method, words } = run.texts.sections;
  return [
    `## ${method.heading}`,
    table(
      ['', ''],
      [
        [
          method.run,
          `${code(manifest.run)}, ${escapeText(manifest.startedAt)}, pgvtune ${escapeText(manifest.pgvtune)}`,
        ],
        [
          method.dataset,
          method.datasetText(escapeText(dataset.name), {
            rows: dataset.rows,
            dimensions: dataset.dimensions,
            queries: dataset.queries,
            metric: manifest.metric,
            hash: code(dataset.hash.slice(0, 16)),
          }),
        ],
        ...(manifest.layout ? [[method.layout, run.texts.names.layout(manifest.layout)]] : []),
        [
          method.server,
          `PostgreSQL ${escapeText(server.version)}, pgvector ${escapeText(server.pgvector)}, ${escapeText(server.label)}`,
        ],
        [
          words.settings,
          Object.entries(server.settings)
            .map(([name, value]) => `${escapeText(name)} = ${escapeText(value)}`)
            .join(', '),
        ],
        [
          method.client,
          `Node ${escapeText(client.node)}, ${escapeText(client.platform)}, ${client.cores} × ${escapeText(client.cpu)}, ${formatBytes(client.memoryBytes)}`,
        ],
        ...conditionsRows(run),
        ...(load ? [[method.load, method.loaded(load)]] : []),
      ],
    ),
    [
      ...(run.points.size > 0 ? [method.everyPoint(ALL_POINTS_FILE)] : []),
      method.glossary(escapeText(manifest.pgvtune)),
    ].join(' '),
  ].join('\n\n');
}
