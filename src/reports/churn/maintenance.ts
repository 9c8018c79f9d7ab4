import { type Upkeep, type UpkeepPlan, upkeepPlan, type Wear, WORN } from '../../capacity/index.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { ChurnRequest, ChurnState, RunFiles, RunManifest } from '../../results/index.js';
import { formatBytes, formatCount, formatPercent } from '../../units.js';
import { intervalText, recallText } from '../text/figures.js';
import { escapeText, list, sqlBlock, table } from '../text/markdown.js';
import { vectorIndexName } from '../tune/sql/index-name.js';
import { TABLE } from '../tune/sql/printed-names.js';

const MAINTENANCE_FILE = 'maintenance.md';

export interface MaintenanceView {
  readonly manifest: RunManifest;
  readonly plan: UpkeepPlan;
}

/** A finished run of `churn`; null for any other. */
export function viewMaintenance({ manifest, records }: RunFiles): MaintenanceView | null {
  const record = records.find((each) => each.type === 'churn');
  const plan = record ? upkeepPlan(record) : null;
  return plan && { manifest, plan };
}

/** Names and contents of the reports of a run of `churn`; none for any other. */
export function maintenanceReports(files: RunFiles): (readonly [name: string, content: string])[] {
  const view = viewMaintenance(files);
  return view ? [[MAINTENANCE_FILE, maintenance(view)]] : [];
}

/** `maintenance.md`: when to vacuum and when to build anew, then what it rests on. */
function maintenance(view: MaintenanceView): string {
  const { manifest, plan } = view;
  const { request } = plan.record;
  const sections = [
    `# Maintenance: ${escapeText(manifest.dataset.name)}`,
    '## Schedule',
    scheduleLines(view).join(' '),
    sqlBlock(maintenanceSql(view)),
    ...notes(view),
    '## Measured',
    `${escapeText(describeSpec(request.spec))}, ${escapeText(settingsText(request))}, k = ${request.k}, on ${formatCount(plan.record.startRows)} rows at the start; ${mixText(request)}. Each row below is one state of the same table.`,
    table(HEADERS, plan.record.states.map(stateRow)),
    ...besideText(view),
    '## How to read it',
    list([
      `_Worn_ means: recall lower by ${WORN.recall}, or ${formatPercent(WORN.buffers, 0)} more pages a query, or ${formatPercent(WORN.indexBytes, 0)} more index. An act of upkeep is due when what it gives back passes that, on a straight line from no change to all that were made.`,
      "Every state answers the dataset's same queries; recall is against an exact scan of the rows that are there. Intervals are 95 %.",
      'Autovacuum is off while it is measured, so that each state is one of changes alone.',
      'VACUUM removes dead entries from the index and repairs the graph around them; REINDEX builds it anew from the rows that are there.',
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Two or three sentences, plain text. */
export function scheduleLines({ plan }: MaintenanceView): readonly string[] {
  return [vacuumLine(plan), reindexLine(plan)];
}

function vacuumLine({ vacuum, changedShare, record, worn }: UpkeepPlan): string {
  const took = `it took ${secondsText(vacuum.seconds)} with ${formatCount(worn.deadRows)} dead rows`;
  return vacuum.dueAtShare === null
    ? `After ${formatPercent(changedShare, 0)} of the rows had changed, VACUUM did not measurably help searches (${took}): the default thresholds of autovacuum suffice.`
    : `VACUUM after ${changesText(vacuum.dueAtShare, record.startRows)}. Here ${took}, and gave back: ${gains(vacuum)}.`;
}

function reindexLine({ reindex, changedShare, record }: UpkeepPlan): string {
  const took = `it took ${secondsText(reindex.seconds)}`;
  return reindex.dueAtShare === null
    ? `After ${formatPercent(changedShare, 0)} of the rows had changed, rebuilding the index gained less than the limits below (${took}): it is not due yet.`
    : `Rebuild the index after ${changesText(reindex.dueAtShare, record.startRows)}. Here ${took}, and gave back: ${gains(reindex)}.`;
}

const changesText = (share: number, startRows: number): string =>
  `about ${formatCount(Number((share * startRows).toPrecision(2)))} changed rows, ${formatPercent(share, 0)} of the table`;

const gains = ({ wear }: Upkeep): string =>
  wear
    .filter(({ isShown, loss }) => isShown && loss > 0)
    .map(gainText)
    .join(', ');

function gainText({ figure, before, after }: Wear): string {
  switch (figure) {
    case 'recall':
      return `recall from ${after.toFixed(4)} to ${before.toFixed(4)}`;
    case 'buffers':
      return `from ${formatCount(after)} to ${formatCount(before)} pages a query`;
    case 'indexBytes':
      return `the index from ${formatBytes(after)} to ${formatBytes(before)}`;
  }
}

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

function notes({ manifest, plan }: MaintenanceView): readonly string[] {
  const { request, states } = plan.record;
  const unseen = states.filter(({ searches }) => searches === null).length;
  return [
    ...(manifest.dataset.synthetic ? ['> The vectors were generated: real ones may degrade differently.'] : []),
    ...(manifest.server.kind === 'embedded'
      ? [
          '> Times are those of the embedded server (WebAssembly): recall, pages and sizes hold elsewhere, times do not.',
        ]
      : []),
    ...(unseen > 0
      ? [
          `> In ${formatCount(unseen)} of ${formatCount(states.length)} states the planner did not use the index, or the figures are void: they have none.`,
        ]
      : []),
    ...(request.arrival === 'drifting'
      ? ['> New vectors drifted away from the initial ones, as when the content changes.']
      : []),
  ];
}

const HEADERS = [
  'after',
  'changed>',
  'rows>',
  'dead rows>',
  'recall>',
  'pages a query>',
  'p50, ms>',
  'p95, ms>',
  'index>',
  'table>',
];

const stateRow = ({ after, changed, rows, deadRows, searches, indexBytes, tableBytes }: ChurnState): string[] => [
  afterText(after),
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

function afterText(after: ChurnState['after']): string {
  switch (after.kind) {
    case 'build':
      return `build (${secondsText(after.seconds)})`;
    case 'changes':
      return `${formatCount(after.inserted)} inserts, ${formatCount(after.updated)} updates, ${formatCount(after.deleted)} deletes (${secondsText(after.seconds)})`;
    case 'vacuum':
      return `VACUUM (${secondsText(after.seconds)})`;
    case 'reindex':
      return `REINDEX${after.concurrently ? ' CONCURRENTLY' : ''} (${secondsText(after.seconds)})`;
  }
}

function besideText({ plan: { record, changesPerSecond } }: MaintenanceView): readonly string[] {
  const rounds = record.states.flatMap(({ after }) => (after.kind === 'changes' && after.beside ? [after.beside] : []));
  const wrote = `One connection made ${formatCount(changesPerSecond)} changes a second${record.request.changesPerSecond === null ? '' : `, ${formatCount(record.request.changesPerSecond)} were asked for`}`;
  const [first] = rounds;
  if (first === undefined) return [`${wrote}.`];
  const worst = rounds.reduce((a, b) => (a.p95Ms >= b.p95Ms ? a : b));
  return [
    `${wrote}; concurrent searches had a p50 of ${rounds.map(({ p50Ms }) => p50Ms.toPrecision(2)).join(', ')} ms in the rounds, and a p95 of ${worst.p95Ms.toPrecision(2)} ms in the slowest.`,
  ];
}

const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(2))} s`;

const settingsText = ({ settings }: ChurnRequest): string =>
  Object.keys(settings).length === 0 ? "the server's search settings" : describeSettings(settings);

function mixText({ mix, rounds, turnover }: ChurnRequest): string {
  const shares = (['insert', 'update', 'delete'] as const)
    .filter((kind) => mix[kind] > 0)
    .map((kind) => `${formatPercent(mix[kind], 0)} ${kind}s`);
  return `${rounds} rounds of ${formatPercent(turnover, 0)} of the rows (${shares.join(', ')})`;
}
