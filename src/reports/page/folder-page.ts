import { createHash } from 'node:crypto';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { TrendView } from '../../nightly/index.js';
import { type RunFiles, tuneAnswerOf } from '../../results/index.js';
import { figureText, signedPercent } from '../nightly/figures.js';
import { escapeHtml, htmlTable } from './html.js';
import { PAGE_STYLE } from './style.js';

const STYLE = `${PAGE_STYLE}
svg.spark { min-width: 0; width: 12rem; height: 2rem; border: 0; margin: 0; }
.bad { color: var(--bad); }
`;

/** A run of the folder: what it is, or why it cannot be read. */
export type ListedRun = { readonly name: string; readonly reports: readonly string[] } & (
  | { readonly files: RunFiles }
  | { readonly unreadable: string }
);

/** A page, and the only policy that it needs: it has a style and no script. */
export interface FolderPage {
  readonly html: string;
  readonly policy: string;
}

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** All runs of a folder, newest first, with links to their reports. */
export const runsPage = (folder: string, runs: readonly ListedRun[]): FolderPage =>
  pageOf(
    `Runs in ${folder}`,
    runs.length === 0
      ? '<p>There are no runs in this folder.</p>'
      : htmlTable(
          'Runs',
          ['run', 'command', 'started', 'data', 'server', 'recommendation', 'reports'],
          runs.map(runRow),
        ),
  );

function runRow(run: ListedRun): readonly string[] {
  const links = run.reports
    .map(
      (file) => `<a href="/runs/${encodeURIComponent(run.name)}/${encodeURIComponent(file)}">${escapeHtml(file)}</a>`,
    )
    .join(', ');
  const name = escapeHtml(run.name);
  if ('unreadable' in run)
    return [name, '', '', '', '', `<span class="bad">${escapeHtml(run.unreadable)}</span>`, links];
  const { manifest, records } = run.files;
  const recommendation = tuneAnswerOf(records)?.recommendation;
  return [
    name,
    escapeHtml(manifest.command),
    escapeHtml(manifest.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')),
    escapeHtml(manifest.dataset.name),
    escapeHtml(`${manifest.server.label}, PostgreSQL ${manifest.server.version}, pgvector ${manifest.server.pgvector}`),
    recommendation
      ? escapeHtml(`${describeSpec(recommendation.spec)}, ${describeSettings(recommendation.settings)}`)
      : 'none',
    links,
  ];
}

/** Every series over the runs of a folder, those that got worse first. */
export const historyPage = (folder: string, trends: readonly TrendView[]): FolderPage =>
  pageOf(
    `History of ${folder}`,
    trends.length === 0
      ? '<p>No run of this folder has measured a point.</p>'
      : htmlTable(
          'Series',
          ['index and setting', 'figure', 'nights>', 'course', 'last>', 'change of level'],
          trends.map(trendRow),
        ),
  );

function trendRow({
  spec,
  settings,
  workload,
  figure,
  nights,
  change,
  isWorse,
  isRecent,
}: TrendView): readonly string[] {
  const strategy = workload.kind === 'plain' ? [] : [workload.strategy];
  const last = nights.at(-1)!;
  const text = change
    ? `${isWorse ? 'worse' : 'better'} since ${nights[change.at]!.run}: ${figureText(figure, change.before)} → ${figureText(figure, change.since)} (${signedPercent(change.since / change.before - 1)}${isRecent ? '' : '; not recent'})`
    : 'none shown';
  return [
    escapeHtml([describeSpec(spec), ...strategy, describeSettings(settings)].join(', ')),
    figure,
    String(nights.length),
    courseSvg(
      nights.map(({ value }) => value),
      `${figureText(figure, nights[0]!.value)} to ${figureText(figure, last.value)} over ${nights.length} nights`,
    ),
    escapeHtml(figureText(figure, last.value)),
    change && isWorse ? `<span class="bad">${escapeHtml(text)}</span>` : escapeHtml(text),
  ];
}

const [WIDTH, HEIGHT, EDGE] = [192, 32, 4];

/** A line from night to night, between the lowest and the highest value. */
function courseSvg(values: readonly number[], label: string): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i: number): number => EDGE + ((WIDTH - 2 * EDGE) * i) / Math.max(1, values.length - 1);
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - low)) / (high - low);
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}"><polyline class="curve c0" points="${points}"/></svg>`;
}

const pageOf = (title: string, body: string): FolderPage => ({
  policy: POLICY,
  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<nav><a href="/">Runs</a> · <a href="/history">History</a></nav>
${body}
</main>
</body>
</html>
`,
});
