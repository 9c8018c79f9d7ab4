import { printable } from '../../printable.js';
import type { RunFiles } from '../../results/index.js';
import type { DocumentLanguage } from '../../languages.js';
import { formatBytes, formatCount, formatMs } from '../../units.js';
import { intervalText, quantileText, recallText } from '../text/figures.js';
import { code, escapeText, list, sqlBlock, table } from '../text/markdown.js';
import { changeOf, isRelaxed, SORTED_AGAIN } from './change.js';
import { type OptionView, type StatementView, viewStatement } from './view.js';

/** Names and contents of the reports of a run of `tune --sql`; none for any other. */
export function statementReports(
  files: RunFiles,
  language: DocumentLanguage = 'en',
): readonly (readonly [name: string, content: string])[] {
  const view = viewStatement(files, language);
  return view ? [['vector_optimization.md', statementDocument(view)]] : [];
}

/** `vector_optimization.md`: the change to make, then what it rests on. */
function statementDocument(view: StatementView): string {
  const { best, options, subject, texts } = view;
  const { statement: own } = texts.sections;
  const sections = [
    `# ${own.title}`,
    decision(view),
    sqlBlock(subject.text.split('\n').map(printable)),
    ...(best ? [`## ${own.change}`, sqlBlock(changeOf(best, view).map(printable)), ...remarks(view, best)] : []),
    ...(options.length > 0 ? [`## ${own.evidence}`, evidence(view)] : []),
    `## ${own.method}`,
    list(conditions(view).map(escapeText)),
  ];
  return `${sections.join('\n\n')}\n`;
}

const goalOf = ({ manifest, subject }: StatementView) => ({ k: subject.k, recall: manifest.target?.recall ?? 0 });

function decision(view: StatementView): string {
  const { best, isFinished } = view;
  const { statement: own } = view.texts.sections;
  if (!isFinished) return own.unfinished;
  return best ? own.recommended(escapeText(optionName(view, best)), goalOf(view)) : own.none(goalOf(view));
}

/** The index and its settings, in words; plain text. */
export const optionName = ({ texts }: Pick<StatementView, 'texts'>, { record, settings }: OptionView): string =>
  [texts.names.spec(record.request.spec), ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(
    ', ',
  );

function remarks({ subject, texts }: StatementView, best: OptionView): readonly string[] {
  const { statement: own } = texts.sections;
  return [
    ...(isRelaxed(best) ? [own.relaxed, sqlBlock([SORTED_AGAIN])] : []),
    ...subject.copied
      .filter(({ isSample }) => isSample)
      .map((copied) => own.largerTable(escapeText(copied.table), code('pgvtune recall --sql FILE --sweep …'))),
  ];
}

function evidence(view: StatementView): string {
  const { statement: own, words } = view.texts.sections;
  const columns = [
    own.option,
    `recall@${view.subject.k}>`,
    'p50, ms>',
    'p95, ms>',
    `${own.buffers}>`,
    `${words.index}>`,
    `${own.build}>`,
    own.verdict,
    own.plan,
  ];
  return table(
    columns,
    view.options.map((option) => optionRow(view, option)),
  );
}

function optionRow(view: StatementView, option: OptionView): readonly string[] {
  const { texts, best } = view;
  const { statement: own } = texts.sections;
  const { record, step, reached } = option;
  const verdict = option === best ? 'recommended' : reached ? 'reached' : step ? 'missed' : 'unused';
  const measured = step?.measured;
  const latency = (p: number): string =>
    measured ? quantileText({ texts }, { latencyMs: measured.latencyMs.again }, p) : '–';
  return [
    escapeText(optionName(view, option)),
    measured ? recallText(measured.recall.mean) : '–',
    latency(0.5),
    latency(0.95),
    measured ? intervalText(measured.buffers) : '–',
    formatBytes(record.bytes),
    formatMs(1000 * record.buildSeconds),
    own.verdicts[verdict],
    escapeText(planText(view, option)),
  ];
}

/** The plan, or the plans that the queries got by their parameters; plain text. */
export function planText({ texts }: Pick<StatementView, 'texts'>, { record, step }: OptionView): string {
  const { plan, plans } = step ?? record;
  const inWords = (text: string): string => texts.names.recordedScans(text);
  if (plans.length < 2) return inWords(plan);
  return texts.sections.statement.plans(
    plans.map(({ text, queries }) => ({ plan: inWords(text), queries: formatCount(queries) })),
  );
}

/** On what it was measured, and with what; plain text. */
export function conditions({ manifest, subject, without, options, texts }: StatementView): readonly string[] {
  const { statement: own } = texts.sections;
  return [
    own.measuredOn(
      manifest.server.label,
      subject.copied.map(({ table: name, rows, isSample }) => own.copied(name, rows, isSample)),
    ),
    ...subject.parameters.map((parameter) => own.parameter(parameter, subject.queries)),
    ...(without ? [own.without(formatMs(without.medianMs), without.request.queries)] : []),
    ...(manifest.target ? [own.confidence(manifest.target.confidence, options.length)] : []),
  ];
}
