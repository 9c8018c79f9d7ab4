import { type Upkeep, type UpkeepPlan, upkeepPlan, WORN } from '../../capacity/index.js';
import { describeSettings } from '../../indexes/index.js';
import type { DocumentLanguage } from '../../languages.js';
import type { ChurnRequest, ChurnState, RunFiles, RunManifest } from '../../results/index.js';
import { formatBytes, formatCount, formatPercent } from '../../units.js';
import { intervalText, recallText } from '../text/figures.js';
import { escapeText, list, sqlBlock, table } from '../text/markdown.js';
import { runTextsIn } from '../text/run-languages.js';
import type { RunTexts } from '../text/run-texts.js';
import { vectorIndexName } from '../tune/sql/index-name.js';
import { TABLE } from '../tune/sql/printed-names.js';

const MAINTENANCE_FILE = 'maintenance.md';

export interface MaintenanceView {
  readonly manifest: RunManifest;
  readonly plan: UpkeepPlan;
  readonly texts: RunTexts;
}

/** A finished run of `churn`; null for any other. */
export function viewMaintenance(
  { manifest, records }: RunFiles,
  language: DocumentLanguage = 'en',
): MaintenanceView | null {
  const record = records.find((each) => each.type === 'churn');
  const plan = record ? upkeepPlan(record) : null;
  return plan && { manifest, plan, texts: runTextsIn(language) };
}

/** Names and contents of the reports of a run of `churn`; none for any other. */
export function maintenanceReports(
  files: RunFiles,
  language: DocumentLanguage = 'en',
): (readonly [name: string, content: string])[] {
  const view = viewMaintenance(files, language);
  return view ? [[MAINTENANCE_FILE, maintenance(view)]] : [];
}

/** `maintenance.md`: when to vacuum and when to build anew, then what it rests on. */
function maintenance(view: MaintenanceView): string {
  const { manifest, plan, texts } = view;
  const { maintenance: own } = texts.sections;
  const { request } = plan.record;
  const sections = [
    `# ${own.title(escapeText(manifest.dataset.name))}`,
    `## ${own.schedule}`,
    scheduleLines(view).join(' '),
    sqlBlock(maintenanceSql(view)),
    ...notes(view),
    `## ${own.measured}`,
    own.restsOn({
      what: `${escapeText(texts.names.spec(request.spec))}, ${escapeText(settingsText(view, request))}`,
      k: request.k,
      rows: plan.record.startRows,
      mix: mixText(view, request),
    }),
    table(
      headings(view),
      plan.record.states.map((state) => stateRow(view, state)),
    ),
    ...besideText(view),
    `## ${own.reading}`,
    list([own.worn(WORN), ...own.notes]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Two or three sentences, plain text. */
export function scheduleLines(view: MaintenanceView): readonly string[] {
  const { maintenance: own } = view.texts.sections;
  const { vacuum, reindex, changedShare, worn } = view.plan;
  const changed = formatPercent(changedShare, 0);
  const vacuumTook = own.vacuumTook(secondsText(vacuum.seconds), worn.deadRows);
  const reindexTook = own.reindexTook(secondsText(reindex.seconds));
  return [
    vacuum.dueAtShare === null
      ? own.vacuumNotDue(changed, vacuumTook)
      : own.vacuumDue(changesText(view, vacuum.dueAtShare), vacuumTook, gains(view, vacuum)),
    reindex.dueAtShare === null
      ? own.reindexNotDue(changed, reindexTook)
      : own.reindexDue(changesText(view, reindex.dueAtShare), reindexTook, gains(view, reindex)),
  ];
}

const changesText = ({ texts, plan }: MaintenanceView, share: number): string =>
  texts.sections.maintenance.changes(Number((share * plan.record.startRows).toPrecision(2)), formatPercent(share, 0));

const gains = ({ texts }: MaintenanceView, { wear }: Upkeep): string =>
  wear
    .filter(({ isShown, loss }) => isShown && loss > 0)
    .map(({ figure, before, after }) => texts.sections.maintenance.gain[figure](after, before))
    .join(', ');

/** Autovacuum's own default, `autovacuum_vacuum_scale_factor`. */
const DEFAULT_SCALE_FACTOR = 0.2;

/** What puts the schedule into production, on the reader's own table. */
export function maintenanceSql({ plan }: MaintenanceView): readonly string[] {
  const { request, startRows } = plan.record;
  const dead = plan.worn.deadRows / startRows / plan.changedShare;
  const factor = plan.vacuum.dueAtShare === null ? null : plan.vacuum.dueAtShare * dead;
  const index = vectorIndexName(request.spec, null);
  return [
    ...(factor !== null && factor < DEFAULT_SCALE_FACTOR
      ? [`ALTER TABLE ${TABLE} SET (autovacuum_vacuum_scale_factor = ${Number(factor.toPrecision(2))});`]
      : []),
    `VACUUM (ANALYZE) ${TABLE};`,
    `REINDEX INDEX CONCURRENTLY ${index};`,
  ];
}

function notes({ manifest, plan, texts }: MaintenanceView): readonly string[] {
  const { request, states } = plan.record;
  const unseen = states.filter(({ searches }) => searches === null).length;
  const { maintenance: own } = texts.sections;
  return [
    ...(manifest.dataset.synthetic ? [own.generated] : []),
    ...(manifest.server.kind === 'embedded' ? [own.embedded] : []),
    ...(unseen > 0 ? [own.unseen(unseen, states.length)] : []),
    ...(request.arrival === 'drifting' ? [own.drifting] : []),
  ];
}

function headings({ texts }: MaintenanceView): readonly string[] {
  const { words, maintenance: own } = texts.sections;
  return [
    own.after,
    `${own.changed}>`,
    `${words.rows}>`,
    `${own.deadRows}>`,
    `${own.recall}>`,
    `${own.pages}>`,
    'p50, ms>',
    'p95, ms>',
    `${words.index}>`,
    `${own.table}>`,
  ];
}

const stateRow = (
  view: MaintenanceView,
  { after, changed, rows, deadRows, searches, indexBytes, tableBytes }: ChurnState,
): readonly string[] => [
  afterText(view, after),
  formatCount(changed),
  formatCount(rows),
  formatCount(deadRows),
  searches ? recallText(searches.recall) : '–',
  searches ? intervalText(searches.buffers) : '–',
  searches?.p50Ms ? intervalText(searches.p50Ms) : '–',
  searches?.p95Ms ? intervalText(searches.p95Ms) : '–',
  formatBytes(indexBytes),
  formatBytes(tableBytes),
];

function afterText({ texts }: MaintenanceView, after: ChurnState['after']): string {
  const { maintenance: own } = texts.sections;
  switch (after.kind) {
    case 'build':
      return own.build(secondsText(after.seconds));
    case 'changes':
      return own.changesMade(after, secondsText(after.seconds));
    case 'vacuum':
      return `VACUUM (${secondsText(after.seconds)})`;
    case 'reindex':
      return `REINDEX${after.concurrently ? ' CONCURRENTLY' : ''} (${secondsText(after.seconds)})`;
  }
}

function besideText({ plan: { record, changesPerSecond }, texts }: MaintenanceView): readonly string[] {
  const rounds = record.states.flatMap(({ after }) => (after.kind === 'changes' && after.beside ? [after.beside] : []));
  const { maintenance: own } = texts.sections;
  const wrote = own.wrote(changesPerSecond, record.request.changesPerSecond);
  const [first] = rounds;
  if (first === undefined) return [`${wrote}.`];
  const worst = rounds.reduce((a, b) => (a.p95Ms >= b.p95Ms ? a : b));
  const p50 = rounds.map(({ p50Ms }) => p50Ms.toPrecision(2));
  return [own.beside(wrote, p50, worst.p95Ms.toPrecision(2))];
}

const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(2))} s`;

const settingsText = ({ texts }: MaintenanceView, { settings }: ChurnRequest): string =>
  Object.keys(settings).length === 0 ? texts.sections.maintenance.serverSettings : describeSettings(settings);

function mixText({ texts }: MaintenanceView, { mix, rounds, turnover }: ChurnRequest): string {
  const shares = (['insert', 'update', 'delete'] as const)
    .filter((kind) => mix[kind] > 0)
    .map((kind) => ({ kind, share: mix[kind] }));
  return texts.sections.maintenance.mix({ rounds, turnover }, shares);
}
