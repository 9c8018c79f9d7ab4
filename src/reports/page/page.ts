import { latencyQuantile } from '../../analysis/index.js';
import { createHash } from 'node:crypto';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';
import { digits, intervalText, recallText } from '../text/figures.js';
import type { RunView } from '../tune/run-view.js';
import { type PageData, pageData, type PagePoint } from './data.js';
import { escapeHtml, htmlTable, jsonForHtml } from './html.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/** Name of the page, beside the other reports of a run. */
export const PAGE_FILE = 'report.html';

/** There must be two points to choose between. */
export const hasPage = (run: RunView): boolean => pageData(run).points.length > 1;

/**
 * A run as one page that needs nothing else: no network, no evaluated strings, every text from data escaped. Its script
 * chooses the recommended point by the functions of `tune`.
 */
export function reportPage(run: RunView): string {
  const data = pageData(run);
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(PAGE_SCRIPT)}`,
    `style-src ${hash(PAGE_STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(`${data.run}: recall and latency`)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${heading(data)}
${controls(data)}
${charts(data)}
${pointTable(data)}
${buildTable(data)}
${filterTable(data)}
</main>
<script type="application/json" id="data">${jsonForHtml(data)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

const heading = ({ run, dataset, rows, server, k }: PageData): string => `<h1>${escapeHtml(run)}</h1>
<p class="soft">${escapeHtml(dataset)}, ${formatCount(rows)} rows, k = ${k}. ${escapeHtml(server)}.</p>`;

function controls({ target, confidence }: PageData): string {
  const slider = (id: string, label: string, limits: string): string =>
    `<div><label for="${id}"><span>${label}</span><output id="${id}-value" for="${id}"></output></label><input type="range" id="${id}" ${limits}></div>`;
  return `<h2 id="choose">What should it reach?</h2>
<div class="card">
<p class="soft">The recommendation is computed again from the points that were measured interleaved, by the rules of pgvtune tune: the queries must show the recall of each index with a confidence of ${formatPercent(confidence)}.</p>
<div class="controls">
${slider('recall', 'Recall, at least', 'min="0.5" max="0.999" step="0.001"')}
${slider('p95', 'p95 latency, at most', 'min="0" max="1000" step="1"')}
${slider('bytes', 'Index size, at most', 'min="0" max="1000" step="1"')}
</div>
<p class="tools"><button type="button" id="reset">${target === null ? 'Start again' : "Back to the run's target"}</button></p>
<p role="status"><span class="soft">Recommended:</span> <span id="choice"></span></p>
</div>`;
}

function charts(data: PageData): string {
  const names = [...new Set(data.points.map(({ name }) => name))];
  const specs = data.points.map(({ build }) => data.builds[build]!.record.request.spec);
  const toggle = (kind: 'kind' | 'representation', values: readonly string[]): string =>
    [...new Set(values)]
      .map(
        (value) =>
          `<label><input type="checkbox" checked data-toggle="${kind}" value="${escapeHtml(value)}"> ${escapeHtml(value === 'none' ? 'exact scan' : value)}</label>`,
      )
      .join('');
  return `<h2 id="recall-latency">Recall and median latency</h2>
<div class="tools">
<fieldset><legend>Index</legend>${toggle(
    'kind',
    specs.map(({ method }) => method),
  )}</fieldset>
<fieldset><legend>Representation</legend>${toggle(
    'representation',
    specs.map(({ representation }) => representation),
  )}</fieldset>
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<button type="button" id="zoom-reset">Whole chart</button>
</div>
<div class="scroll"><svg id="pareto" role="application" tabindex="0" aria-label="Recall against median latency of every point" aria-describedby="keys details"></svg></div>
<ul class="legend">${names.map((name, i) => `<li><span class="swatch c${i % 10}"></span> ${escapeHtml(name)}</li>`).join('')}</ul>
<p class="soft keys" id="keys">Left and right arrows select a point; + and − zoom, 0 shows the whole chart, w a s d move it. Filled marks were measured interleaved and have 95 % intervals, faint ones during the search. A dashed outline: disturbed. Diamond: recommended.</p>
<p class="card" id="details" role="status"></p>
<h2>Latency of the recommended and the selected point</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Latency"><svg id="cdf" role="img" aria-labelledby="cdf-title"></svg></div>
<p class="soft" id="cdf-title">Share of queries answered within a time: <span id="cdf-names"></span></p>`;
}

const quantileCell = ({ record }: PagePoint, p: number): string => {
  const estimate = latencyQuantile(record.measured, p)?.estimate;
  return estimate ? intervalText(estimate) : '–';
};

const pointTable = ({ points, builds }: PageData): string =>
  `<h2>Points</h2>${htmlTable(
    'Every point that was measured on the whole table',
    ['Index', 'Settings', 'Recall [95 %]>', 'p50, ms>', 'p95, ms>', 'Buffers>', 'Size>', 'Measured'],
    points.map((point) => [
      escapeHtml(point.name),
      escapeHtml(point.settings),
      recallText(point.record.measured!.recall.mean),
      quantileCell(point, 0.5),
      quantileCell(point, 0.95),
      digits(point.record.measured!.buffers.mean.value),
      formatBytes(builds[point.build]!.record.index?.bytes ?? 0),
      (point.isConclusion ? 'interleaved' : 'during the search') + (point.isDisturbed ? ', disturbed' : ''),
    ]),
  )}`;

const buildTable = ({ builds }: PageData): string =>
  `<h2>Builds</h2>${htmlTable(
    'Every index that was built on the whole table',
    ['Index', 'Build time>', 'Size>', 'Status'],
    builds.map(({ name, record }) => [
      escapeHtml(name),
      formatMs(1000 * record.seconds),
      formatBytes(record.index?.bytes ?? 0),
      record.status,
    ]),
  )}`;

/** A heat map: filters down, strategies across. */
function filterTable({ filters }: PageData): string {
  if (filters.length === 0) return '';
  const strategies = [...new Set(filters.map(({ strategy }) => strategy))];
  const names = [...new Set(filters.map(({ filter }) => filter))];
  const cell = (filter: string, strategy: string): string => {
    const found = filters.find((one) => one.filter === filter && one.strategy === strategy);
    if (!found) return '<td></td>';
    const style = found.isBest ? 'good best' : found.outcome === 'reaches' ? 'good' : 'bad';
    const recall = found.recall === null ? '' : `recall ${found.recall.toFixed(3)}`;
    const time = found.p50Ms === null ? escapeHtml(found.outcome) : formatMs(found.p50Ms);
    return `<td class="${style}">${[time, recall].filter(Boolean).join('<br>')}${found.isBest ? '<br>recommended' : ''}</td>`;
  };
  const rows = names.map(
    (name) =>
      `<tr><th scope="row">${escapeHtml(name)}</th>${strategies.map((strategy) => cell(name, strategy)).join('')}</tr>`,
  );
  return `<h2>Filtered queries</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Filters and strategies"><table><caption>Median latency and recall of each strategy on each filter; shaded by whether it reaches the target</caption>
<thead><tr><th scope="col">Filter</th>${strategies.map((strategy) => `<th scope="col">${escapeHtml(strategy)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
