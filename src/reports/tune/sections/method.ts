import { formatBytes, formatCount, formatMs } from '../../../units.js';
import { code, escapeText, table } from '../../text/markdown.js';
import { ALL_POINTS_FILE } from '../all-points.js';
import { conditionsRows } from '../conditions.js';
import type { RunView } from '../run-view.js';

/** Data, server, client and conditions. */
export function methodSection(run: RunView): string {
  const { manifest, load } = run;
  const { dataset, server, client } = manifest;
  return [
    '## Method',
    table(
      ['', ''],
      [
        ['run', `${code(manifest.run)}, ${escapeText(manifest.startedAt)}, pgvtune ${escapeText(manifest.pgvtune)}`],
        [
          'dataset',
          `${escapeText(dataset.name)}: ${formatCount(dataset.rows)} × ${dataset.dimensions}, ${formatCount(dataset.queries)} held-out queries, metric ${manifest.metric}, SHA-256 ${code(dataset.hash.slice(0, 16))}`,
        ],
        [
          'server',
          `PostgreSQL ${escapeText(server.version)}, pgvector ${escapeText(server.pgvector)}, ${escapeText(server.label)}`,
        ],
        [
          'settings',
          Object.entries(server.settings)
            .map(([name, value]) => `${escapeText(name)} = ${escapeText(value)}`)
            .join(', '),
        ],
        [
          'client',
          `Node ${escapeText(client.node)}, ${escapeText(client.platform)}, ${client.cores} × ${escapeText(client.cpu)}, ${formatBytes(client.memoryBytes)}`,
        ],
        ...conditionsRows(run),
        ...(load
          ? [
              [
                'load',
                `${formatCount(load.rows)} rows by ${load.method.toUpperCase()} in ${formatMs(load.seconds * 1000)}; table ${formatBytes(load.tableBytes)}`,
              ],
            ]
          : []),
      ],
    ),
    `${run.points.size > 0 ? `Every point: [${ALL_POINTS_FILE}](${ALL_POINTS_FILE}). ` : ''}Every term is defined in ${code('docs/glossary.md')} of pgvtune ${escapeText(manifest.pgvtune)}.`,
  ].join('\n\n');
}
