import { describeSettings } from '../../../indexes/index.js';
import type { ControlOutcome, ControlRecord, Measured } from '../../../results/index.js';
import { formatBytes, formatCount, formatPercent } from '../../../units.js';
import { buffersText, quantileMsText, recallCell } from '../../text/figures.js';
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
  const { today } = run.texts.sections;
  const text =
    outcome.code === 'measured'
      ? [comparison(run, control, outcome.data), remarks(run, control, outcome.data)]
      : [today.unserved(placeText(run, control), indexesText(run, control), escapeText(whyNoControl(run, outcome)))];
  return [`## ${today.heading}`, ...text].join('\n\n');
}

const placeText = ({ texts }: RunView, { table: name, column, server, rows }: ControlRecord): string =>
  texts.sections.today.place(code(`${name}.${column}`), escapeText(server), rows);

const indexesText = (run: RunView, { indexes }: ControlRecord): string =>
  indexes.map((index) => escapeText(storedIndexText(run, index))).join('; ') || run.texts.sections.today.none;

function comparison(run: RunView, control: ControlRecord, measuredToday: MeasuredControl): string {
  const { names, sections } = run.texts;
  const { today, words } = sections;
  const { dataset, server } = run.manifest;
  const answer = tuneAnswer(run);
  const best = choicePoint(run, answer?.recommendation ?? null);
  const measured = best?.measured ?? null;
  const line = (name: string, now: string, then: (view: Recommended) => string): readonly string[] =>
    best && measured ? [name, now, then({ ...best, measured })] : [name, now];
  const settings = Object.entries(measuredToday.settings).map(([name, value]) => `${name} = ${value}`);
  const bytes = control.indexes.reduce((sum, index) => sum + index.bytes, 0);
  return table(
    ['', today.today, ...(measured ? [today.recommended] : [])],
    [
      line(today.where, placeText(run, control), () => today.sample(dataset.rows, escapeText(server.label))),
      line(words.index, indexesText(run, control), ({ build }) => escapeText(names.spec(build.request.spec))),
      line(words.settings, escapeText(settings.join(', ')), ({ point }) =>
        escapeText(describeSettings(point.request.settings)),
      ),
      line(
        `recall@${control.k}`,
        `${recallCell(run, measuredToday.recall.mean, { isExact: false })}, n = ${formatCount(measuredToday.recall.queries)}`,
        (view) =>
          `${recallCell(run, recommendedRecall(answer!, view.measured), { isExact: view.build.index === null })}, n = ${formatCount(view.measured.recall.queries)}`,
      ),
      line(today.rowsReturned, formatPercent(measuredToday.completeness.mean), (view) =>
        formatPercent(view.measured.completeness.mean),
      ),
      ...[0.5, 0.95].map((p) =>
        line(`p${100 * p}`, quantileMsText(run, measuredToday, p), (view) => quantileMsText(run, view.measured, p)),
      ),
      line(
        words.buffersPerQuery,
        buffersText({ mean: measuredToday.buffers, queries: measuredToday.recall.queries }),
        (view) => buffersText(view.measured.buffers),
      ),
      line(words.indexSize, formatBytes(bytes), ({ build }) => (build.index ? formatBytes(build.index.bytes) : '–')),
      line(words.plan, escapeText(measuredToday.plan), (view) => escapeText(view.measured.plan.node)),
    ],
  );
}

/** More rows than this, relative to the sample, change what a setting reaches. */
const MANY = 1.2;

function remarks(run: RunView, { rows }: ControlRecord, { queries }: MeasuredControl): string {
  const { dataset } = run.manifest;
  const recommendation = tuneAnswer(run)?.recommendation;
  const { names, sections } = run.texts;
  const { today } = sections;
  return [
    today.asked(queries),
    ...(rows !== null && rows > MANY * dataset.rows ? [today.moreRows((rows / dataset.rows).toPrecision(2))] : []),
    ...(recommendation ? [today.onceBuilt(escapeText(names.choice(recommendation)))] : []),
  ].join(' ');
}
