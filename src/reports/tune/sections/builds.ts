import { textOf } from '../../text/index.js';
import type { BuildRecord } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { code, escapeText, table } from '../../text/markdown.js';
import { describeBuild, reasonText, type RunView } from '../run-view.js';

/** Size and build time of every index. */
export function buildsSection(run: RunView): string {
  const built = [...run.builds.values()].filter(({ index, status }) => index || status === 'failed');
  if (built.length === 0) return '';
  const { words, builds } = run.texts.sections;
  const rows = built.map((build) => [
    escapeText(describeBuild(run, build)),
    build.index ? formatBytes(build.index.bytes) : '–',
    formatMs(build.seconds * 1000),
    escapeText(build.settings['maintenance_work_mem'] ?? '–'),
    build.status === 'ok'
      ? remarksOf(run, build)
      : `**${words.status.failed}**: ${escapeText(reasonText(run, build.reason))}`,
  ]);
  const headings = [words.index, `${words.size}>`, `${words.build}>`, 'maintenance_work_mem>', builds.remarks];
  return [`## ${builds.heading}`, table(headings, rows)].join('\n\n');
}

const remarksOf = (run: RunView, { findings, fromRun, partitions = [] }: BuildRecord): string =>
  [
    ...(partitions.length > 0 ? [sizesOf(run, partitions)] : []),
    ...(fromRun === undefined ? [] : [run.texts.sections.builds.ofRun(code(fromRun))]),
    ...findings.map((finding) => escapeText(textOf(run.texts.findings, finding))),
  ].join(' ') || '–';

function sizesOf({ texts }: RunView, partitions: NonNullable<BuildRecord['partitions']>): string {
  const bytes = partitions.map((partition) => partition.bytes);
  return texts.sections.builds.partitions(
    bytes.length,
    formatBytes(Math.min(...bytes)),
    formatBytes(Math.max(...bytes)),
  );
}
