import { type FilterAnswer, keyOf } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { describeBuild, type RunView } from '../run-view.js';
import { filterName } from './names.js';

/** What the indexes of the best strategies add to an INSERT. */
export function writeCosts(run: RunView, filters: readonly FilterAnswer[]): string {
  const used = new Map<string, string[]>();
  for (const filter of filters) {
    const { options, best } = filter;
    for (const key of best === null ? [] : options[best]!.builds) {
      used.set(key, [...(used.get(key) ?? []), filterName(filter)]);
    }
  }
  const rows = [...used].flatMap(([key, names]) => {
    const [build, writes] = [run.builds.get(key), run.writes.get(keyOf('writes', { build: key }))];
    if (!build || !writes) return [];
    const extra = (of: 'walBytes' | 'ms'): number => writes.with[of] - writes.without[of];
    return [
      [
        escapeText(describeBuild(run, build)),
        escapeText(names.join('; ')),
        formatBytes(build.index?.bytes ?? 0),
        formatMs(1000 * build.seconds),
        formatBytes(Math.max(0, Math.round(extra('walBytes')))),
        `${(writes.with.walBytes / writes.without.walBytes).toFixed(1)}×`,
        formatMs(Math.max(0, extra('ms'))),
      ],
    ];
  });
  if (rows.length === 0) return '';
  return [
    '### Cost of writes',
    'What each index adds to the insertion of one row, with no other index but the primary key: medians over rounds on one backend, rolled back, without full-page images.',
    table(['index', 'serves', 'size>', 'build>', 'WAL per row>', 'total WAL>', 'time per row>'], rows),
  ].join('\n\n');
}
