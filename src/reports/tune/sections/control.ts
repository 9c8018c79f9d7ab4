import { describeChoice, describeSettings, describeSpec } from '../../../indexes/index.js';
import type { ControlOutcome, ControlRecord, Measured } from '../../../results/index.js';
import { formatBytes, formatCount, formatPercent } from '../../../units.js';
import { quantileMsText, recallCell } from '../../text/figures.js';
import { code, escapeText, table } from '../../text/markdown.js';
import { storedIndexText, whyNoControl } from '../control.js';
import { choicePoint, type PointView, recommendedRecall, type RunView, tuneAnswer } from '../run-view.js';

type MeasuredControl = Extract<ControlOutcome, { code: 'measured' }>['data'];
type Recommended = PointView & { readonly measured: Measured };

/** What the table in use gives today, beside the recommendation; empty where the dataset is no sample of one. */
export function controlSection(run: RunView): string {
  const { control } = run;
  if (!control) return '';
  const { outcome } = control;
  const text =
    outcome.code === 'measured'
      ? [comparison(run, control, outcome.data), remarks(run, control, outcome.data)]
      : [
          `${placeText(control)}. Indexes on the vectors: ${indexesText(control)}. ${escapeText(whyNoControl(outcome))}`,
        ];
  return ['## Today', ...text].join('\n\n');
}

const placeText = ({ table: name, column, server, rows }: ControlRecord): string =>
  `${code(`${name}.${column}`)} on ${escapeText(server)}${rows === null ? '' : `, about ${formatCount(rows)} rows`}`;

const indexesText = ({ indexes }: ControlRecord): string =>
  indexes.map((index) => escapeText(storedIndexText(index))).join('; ') || 'none';

function comparison(run: RunView, control: ControlRecord, today: MeasuredControl): string {
  const { dataset, server } = run.manifest;
  const answer = tuneAnswer(run);
  const best = choicePoint(run, answer?.recommendation ?? null);
  const measured = best?.measured ?? null;
  const line = (name: string, now: string, then: (view: Recommended) => string): readonly string[] =>
    best && measured ? [name, now, then({ ...best, measured })] : [name, now];
  const settings = Object.entries(today.settings).map(([name, value]) => `${name} = ${value}`);
  const bytes = control.indexes.reduce((sum, index) => sum + index.bytes, 0);
  return table(
    ['', 'today', ...(measured ? ['recommended'] : [])],
    [
      line(
        'where',
        placeText(control),
        () => `${formatCount(dataset.rows)} sampled rows on ${escapeText(server.label)}`,
      ),
      line('index', indexesText(control), ({ build }) => escapeText(describeSpec(build.request.spec))),
      line('settings', escapeText(settings.join(', ')), ({ point }) =>
        escapeText(describeSettings(point.request.settings)),
      ),
      line(
        `recall@${control.k}`,
        `${recallCell(today.recall.mean, { isExact: false })}, n = ${formatCount(today.recall.queries)}`,
        (view) =>
          `${recallCell(recommendedRecall(answer!, view.measured), { isExact: view.build.index === null })}, n = ${formatCount(view.measured.recall.queries)}`,
      ),
      line('rows returned', formatPercent(today.completeness.mean), (view) =>
        formatPercent(view.measured.completeness.mean),
      ),
      ...[0.5, 0.95].map((p) =>
        line(`p${100 * p}`, quantileMsText(today, p), (view) => quantileMsText(view.measured, p)),
      ),
      line('buffers', buffersText(today.buffers.value), (view) => buffersText(view.measured.buffers.mean.value)),
      line('index size', formatBytes(bytes), ({ build }) => (build.index ? formatBytes(build.index.bytes) : '–')),
      line('plan', escapeText(today.plan), (view) => escapeText(view.measured.plan.node)),
    ],
  );
}

const buffersText = (buffers: number): string => `${formatCount(Math.round(buffers))} per query`;

/** More rows than this, relative to the sample, change what a setting reaches. */
const MANY = 1.2;

function remarks(run: RunView, { rows }: ControlRecord, { queries }: MeasuredControl): string {
  const { dataset } = run.manifest;
  const recommendation = tuneAnswer(run)?.recommendation;
  const asked = queries === 'log' ? 'your queries' : 'random rows of the table, each left out of its own answer';
  return [
    `Today: ${asked}, asked on the server in use, read-only, each for the first time. The times are those of two servers.`,
    ...(rows !== null && rows > MANY * dataset.rows
      ? [
          `The table has ${(rows / dataset.rows).toPrecision(2)} times as many rows as the sample: the same settings reach less there, and the index is larger.`,
        ]
      : []),
    ...(recommendation
      ? [
          `Once ${escapeText(describeChoice(recommendation))} is built, ${code('pgvtune recall')} measures it on the table.`,
        ]
      : []),
  ].join(' ');
}
