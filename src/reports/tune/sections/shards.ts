import { describeSettings } from '../../../indexes/index.js';
import type { ShardedPoint, ShardedRecord } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs } from '../../../units.js';
import { digits, quantileText, recallText } from '../../text/figures.js';
import { escapeText, table } from '../../text/markdown.js';
import { latencyHeading, reasonText, type RunView } from '../run-view.js';

/** What was measured over several servers, for each index. */
export function shardsSection(run: RunView): string {
  if (run.sharded.length === 0) return '';
  const { heading, intro } = run.texts.sections.shards;
  return [`## ${heading}`, intro, ...run.sharded.flatMap((record) => indexOf(run, record))].join('\n\n');
}

function indexOf(run: RunView, record: ShardedRecord): readonly string[] {
  const { names, sections } = run.texts;
  const { shards: texts, words } = sections;
  const title = `### ${escapeText(names.spec(record.request.spec))}`;
  const servers = table(
    [texts.shard, `${words.rows}>`, `${words.indexSize}>`, `${words.build}>`],
    record.shards.map(({ server, rows, index, seconds }) => [
      escapeText(server),
      formatCount(rows),
      index ? formatBytes(index.bytes) : '–',
      formatMs(1000 * seconds),
    ]),
  );
  if (record.reason) return [title, servers, escapeText(reasonText(run, record.reason))];
  const points = table(
    [
      words.settings,
      texts.way,
      words.recall,
      `${texts.complete}>`,
      latencyHeading(run, 'p50 ms'),
      latencyHeading(run, 'p95 ms'),
    ],
    record.points.map((point) => pointRow(run, point)),
  );
  const work = table(
    [words.settings, `${texts.buffers}>`, `${texts.serverTime}>`],
    record.work.map(({ settings, shards }) => [
      escapeText(describeSettings(settings)),
      shards.map(({ buffers }) => formatCount(Math.round(buffers))).join(' + ') || '–',
      shards.map(({ serverMs }) => digits(serverMs)).join(' + ') || '–',
    ]),
  );
  return [title, servers, points, texts.workIntro, work];
}

function pointRow(run: RunView, { settings, way, status, reason, measured }: ShardedPoint): readonly string[] {
  const { shards: texts, words } = run.texts.sections;
  const head = [escapeText(describeSettings(settings)), texts.ways[way]];
  if (!measured) return [...head, `**${words.status[status]}**: ${escapeText(reasonText(run, reason))}`, '', '', ''];
  const { recall, completeness } = measured;
  return [
    ...head,
    escapeText(recallText(recall.mean)),
    texts.short(completeness.mean, completeness.shortQueries),
    quantileText(run, measured, 0.5),
    quantileText(run, measured, 0.95),
  ];
}
