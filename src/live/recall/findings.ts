import {
  conditionFindings,
  floorFindings,
  latencyQuantile,
  planCacheFindings,
  serverFindings,
} from '../../analysis/index.js';
import { bySeverity } from '../../findings.js';
import {
  defectsOf,
  type IndexKind,
  kindOfIndex,
  PAGE_BYTES,
  recallKnob,
  searchSettingsOf,
} from '../../indexes/index.js';
import { type RecallFinding, recallFindings } from '../../results/index.js';
import type { LiveRecall } from './report.js';

type Report = Omit<LiveRecall, 'findings' | 'verdict'>;
type Look = (report: Report, kind: IndexKind | undefined) => readonly RecallFinding[];

/** A larger share is worth a finding. */
const NOTEWORTHY = 0.01;
const MANY_DEAD = 0.1;
const MOSTLY = 0.5;
const LEAST_TOAST_BYTES = 2 ** 20;
/** Queries come from where the rows are, and so find the fuller lists: that alone is not worth a word. */
const UNEVEN = 4;

/** Each looks at one thing. */
const LOOKS: readonly Look[] = [
  ({ indexes }) =>
    indexes.filter(({ valid }) => !valid).map(({ name }) => recallFindings.indexInvalid.of({ index: name })),
  lookAtPlan,
  lookAtConditions,
  ({ plan }) =>
    plan && plan.indexes.length > 0 && plan.others.length > 0
      ? [recallFindings.partlyIndexed.of({ tables: [...plan.others] })]
      : [],
  ({ asked: { settings } }) =>
    Object.entries(settings)
      .filter(([name, value]) => name.startsWith('enable_') && value === 'off')
      .map(([setting]) => recallFindings.planForced.of({ setting })),
  lookForMissingRows,
  ({ asked, measured }, kind) => {
    const iterative = kind?.knobs.find((knob) => knob.kind === 'choice' && knob.name === 'iterative_scan');
    const isOff = iterative && asked.settings[iterative.guc] === 'off';
    // A statement, or row-level security, has conditions of its own.
    const isFiltered = asked.where !== null || (measured !== null && measured.rowsRemoved.value > 0);
    return measured && isFiltered && measured.completeness.mean < 1 && isOff
      ? [recallFindings.iterativeScanOff.of({ setting: iterative.guc })]
      : [];
  },
  ({ asked }, kind) => {
    const knob = kind && recallKnob(kind);
    return knob && asked.settings[knob.guc] === String(knob.min)
      ? [recallFindings.settingAtMinimum.of({ setting: knob.guc, value: knob.min })]
      : [];
  },
  ({ table }, kind) =>
    table.deadShare > MANY_DEAD
      ? [recallFindings.deadRows.of({ share: table.deadShare, lists: kind?.name === 'ivfflat' })]
      : [],
  ({ limit }) => (limit ? [recallFindings.planDependsOnLimit.of(limit)] : []),
  ({ table, plan }) => {
    const share = 1 - table.heapBytes / Math.max(1, table.bytes);
    const unusedIndex = plan !== null && plan.indexes.length === 0;
    return share > MOSTLY && table.bytes - table.heapBytes > LEAST_TOAST_BYTES
      ? [
          recallFindings.vectorsOutOfLine.of({
            share,
            bytes: table.bytes - table.heapBytes,
            column: table.column,
            unusedIndex,
          }),
        ]
      : [];
  },
  lookAtLists,
  ({
    table: {
      name,
      rowSecurity: { enabled, active },
    },
  }) => (enabled ? [recallFindings.rowSecurity.of({ table: name, exempt: !active })] : []),
  ({ table }) => (table.rows === null ? [recallFindings.notAnalysed.of({ table: table.name })] : []),
  lookAtVectors,
  ({ asked, measured }) =>
    measured && asked.queries === 'rows of the table' ? [recallFindings.queriesAreRows.of({})] : [],
  ({ asked, measured }) =>
    measured && asked.exactOf === 'indexed expression' ? [recallFindings.quantised.of({})] : [],
  ({ plan }) => (plan?.cache ? planCacheFindings(plan.cache) : []),
  ({ measured }) =>
    measured && measured.buffers.meanRead > NOTEWORTHY * measured.buffers.mean.value
      ? [recallFindings.readFromOutside.of({ share: measured.buffers.meanRead / measured.buffers.mean.value })]
      : [],
  ({ measured }) => {
    if (!measured) return [];
    const medianMs = latencyQuantile({ latencyMs: measured.latencyMs.again }, 0.5)?.estimate?.value;
    if (medianMs === undefined) return [];
    return [
      ...floorFindings({ floorMs: measured.clientFloorMs, medianMs }),
      ...serverFindings({ server: measured.serverMs.median, medianMs }),
    ];
  },
  ({ measured }) =>
    measured && measured.vanished > 0 ? [recallFindings.queriesChanged.of({ queries: measured.vanished })] : [],
  ({ server, plan }, kind) => {
    const isOfAnother = kind === undefined && plan !== null && plan.indexes.length > 0;
    return (isOfAnother ? [] : defectsOf(server.pgvector, kind?.name)).map(({ code, fixedIn }) =>
      recallFindings.knownDefect.of({ version: server.pgvector, defect: code, fixedIn }),
    );
  },
];

/** What an operator must know beside the figures, most severe first. */
export function liveRecallFindings(report: Report): readonly RecallFinding[] {
  const used = report.indexes.find(({ name }) => report.plan?.indexes.includes(name));
  const kind = used && kindOfIndex(used);
  return bySeverity(LOOKS.flatMap((look) => look(report, kind)));
}

function lookAtConditions({ conditions }: Report): readonly RecallFinding[] {
  if (!conditions) return [];
  const { interrupted, autovacuumWorkers, otherSessions } = conditions.server;
  return [
    ...(interrupted ? [recallFindings.interrupted.of({})] : []),
    ...conditionFindings(conditions),
    ...(autovacuumWorkers === null || otherSessions === null ? [recallFindings.activityHidden.of({})] : []),
  ];
}

function lookAtPlan({ table, asked, indexes, plan }: Report): readonly RecallFinding[] {
  if (!plan) {
    return [recallFindings.noIndex.of({ table: table.name, column: table.column, others: indexes.length })];
  }
  if (plan.indexes.length > 0) return [];
  const partial = indexes.flatMap(({ name, valid, predicate }) =>
    valid && predicate !== null ? [{ index: name, predicate }] : [],
  );
  return [recallFindings.indexNotUsed.of({ plan: plan.text, partial, isFiltered: asked.where !== null })];
}

/** How much of an IVFFlat index a query reads, beside what it would read of even lists. */
function lookAtLists({ table, indexes, plan, asked, measured }: Report): readonly RecallFinding[] {
  const index = indexes.find((one) => kindOfIndex(one)?.name === 'ivfflat' && plan?.indexes.includes(one.name));
  const lists = Number(index?.reloptions['lists'] ?? DEFAULT_LISTS);
  const probes = Math.min(lists, Number(asked.settings['ivfflat.probes'] ?? NaN));
  if (!index || !measured || asked.settings['ivfflat.iterative_scan'] === 'relaxed_order') return [];
  const pages = index.bytes / PAGE_BYTES;
  // Every query compares itself with all centres, which are as large as rows, and fetches the rows that it returns.
  const centres = 1 + (pages * lists) / Math.max(lists, table.rows ?? 0);
  const ofLists = measured.buffers.mean.value - centres - asked.k;
  const [read, even] = [Math.min(1, Math.max(0, ofLists / pages)), probes / lists];
  return read > UNEVEN * even ? [recallFindings.unevenLists.of({ index: index.name, read, even, probes, lists })] : [];
}

/** Of pgvector, where the index says nothing (`ivfflat.h`, IVFFLAT_DEFAULT_LISTS). */
const DEFAULT_LISTS = 100;

function lookForMissingRows({ asked, measured }: Report, kind: IndexKind | undefined): readonly RecallFinding[] {
  if (!measured || measured.completeness.shortQueries === 0) return [];
  const most = kind?.mostRows(searchSettingsOf(kind, asked.settings)) ?? Infinity;
  const knob = kind && recallKnob(kind);
  const andItself = asked.queries !== 'log';
  const short = {
    share: measured.completeness.shortQueries / measured.recall.queries,
    meanCompleteness: measured.completeness.mean,
  };
  // Several indexes, as of partitions, give as many rows each: what is exceeded is no limit.
  const isLimit = knob !== undefined && measured.mostReturned <= most;
  if (isLimit && most < asked.k + (andItself ? 1 : 0)) {
    return [recallFindings.limitAboveSetting.of({ ...short, setting: knob.guc, most, k: asked.k, andItself })];
  }
  if (isLimit && measured.mostReturned === most) {
    return [recallFindings.endsAtSetting.of({ ...short, setting: knob.guc, most })];
  }
  return [recallFindings.rowsMissing.of(short)];
}

function lookAtVectors({ table, asked, measured }: Report): readonly RecallFinding[] {
  if (!measured) return [];
  const { rows, drawn, zero, lengthSpread } = measured.vectors;
  const areQueries = asked.queries === 'log';
  const share = measured.duplicateShare ?? 0;
  return [
    ...(rows && rows.nulls > 0
      ? [recallFindings.nullVectors.of({ share: rows.nulls / rows.seen, column: table.column })]
      : []),
    ...(zero > 0 && asked.metric === 'cosine'
      ? [recallFindings.zeroVectors.of({ share: zero / drawn, areQueries })]
      : []),
    ...(asked.metric === 'ip' && lengthSpread > NOTEWORTHY
      ? [recallFindings.lengthsDiffer.of({ spread: lengthSpread })]
      : []),
    // Bits repeat by their nature.
    ...(asked.exactOf === 'column' && share > NOTEWORTHY
      ? [areQueries ? recallFindings.queriesInTable.of({ share }) : recallFindings.duplicateVectors.of({ share })]
      : []),
  ];
}
