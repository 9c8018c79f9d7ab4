import { decodeUint16, leastReaching, recallPerQuery } from '../../analysis/index.js';
import { PAGE_BYTES } from '../../indexes/index.js';
import type { Conditions } from '../../results/index.js';
import type { LiveTable } from '../catalog/table.js';
import { liveRecallFindings } from './findings.js';
import { boundedMean, judgeAll, judgeGroup, judgeMean, type Shown } from './judge.js';
import type { LiveRecallOptions } from './measure.js';
import type { Prepared } from './prepare.js';
import type {
  LiveCost,
  LiveGroup,
  LiveGroups,
  LiveLimit,
  LiveMeasured,
  LivePlanEvidence,
  LiveRecall,
  LiveSweep,
} from './report.js';

/** What was measured of a question under one of the settings. */
export interface MeasuredArm {
  readonly plan: LivePlanEvidence;
  readonly measured: LiveMeasured;
}

/** How far a measurement came. */
export interface Outcome {
  readonly plan: LivePlanEvidence | null;
  readonly limit: LiveLimit | null;
  readonly cost: LiveCost | null;
  readonly conditions: Conditions | null;
  /** For each part: under the settings that were given, then under each value of the sweep. */
  readonly measured: readonly (readonly MeasuredArm[])[] | null;
}

type Options = Pick<LiveRecallOptions, 'log' | 'executions' | 'by' | 'sweep' | 'target'>;

export function concludeRecall(
  options: Options,
  prepared: Prepared,
  { plan = null, limit = null, cost = null, conditions = null, measured = null }: Partial<Outcome>,
): LiveRecall {
  const { table, k, where, question, settings, server, grouping } = prepared;
  const log = options.log ?? options.executions;
  const by = measured && grouping ? groupsOf(options, prepared, measured) : null;
  const facts = {
    server,
    table: describeTable(table),
    asked: {
      k,
      where,
      settings,
      queries: log ? ('log' as const) : ('rows of the table' as const),
      sql: question?.approximate.text ?? null,
      exactSql: question?.exact.text ?? null,
      exactOf: question?.exactOf ?? null,
      metric: question?.metric ?? null,
    },
    indexes: table.indexes.map(
      ({ table: _table, qualifiedOperator: _operator, operandType: _type, ...index }) => index,
    ),
    plan: by ? null : plan,
    limit: by ? null : limit,
    cost,
    conditions,
    measured: by ? null : (measured?.[0]?.[0]?.measured ?? null),
    sweep: measured && options.sweep ? sweepOf(options, prepared, measured) : null,
    by,
  };
  const [worst] = by?.groups ?? [];
  const looked = worst
    ? { ...facts, asked: { ...facts.asked, where: worst.where }, plan: worst.plan, measured: worst.measured }
    : { ...facts, plan };
  return { ...facts, findings: liveRecallFindings(looked), verdict: verdictOf(facts, options) };
}

function describeTable({ label, column, leaves, rowSecurity }: LiveTable): LiveRecall['table'] {
  const sum = (of: (leaf: LiveTable['leaves'][number]) => number): number =>
    leaves.reduce((total, leaf) => total + of(leaf), 0);
  const [live, dead] = [sum(({ liveRows }) => liveRows), sum(({ deadRows }) => deadRows)];
  return {
    name: label,
    column: column.name,
    type: column.type,
    rows: leaves.every(({ estimatedRows }) => estimatedRows >= 0) ? sum(({ estimatedRows }) => estimatedRows) : null,
    bytes: sum(({ bytes }) => bytes),
    heapBytes: sum(({ blocks }) => blocks) * PAGE_BYTES,
    rowSecurity,
    deadShare: dead === 0 ? 0 : dead / (live + dead),
  };
}

type Measured = NonNullable<Outcome['measured']>;

const recallsOf = ({ samples }: LiveMeasured): Float64Array =>
  recallPerQuery({ hits: decodeUint16(samples.hits), expected: decodeUint16(samples.expected) });

/** Mean over what was drawn at random: the queries, or, where the groups are a sample, the groups. */
function meanOver({ grouping }: Prepared, arms: readonly MeasuredArm[]): LiveGroups['mean'] {
  const each = arms.map(({ measured }) => recallsOf(measured));
  if (grouping?.picked.strata) {
    const means = each.map((recalls) => recalls.reduce((sum, one) => sum + one, 0) / recalls.length);
    return { over: 'groups', n: means.length, recall: boundedMean(Float64Array.from(means)) };
  }
  const all = interleaved(each);
  return { over: 'queries', n: all.length, recall: boundedMean(all) };
}

/** The values of all lists, one of each in turn: none stands only at the end, where it would weigh least. */
function interleaved(lists: readonly Float64Array[]): Float64Array {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Float64Array.from(
    Array.from({ length: longest }, (_, i) => lists.flatMap((list) => (i < list.length ? [list[i]!] : []))).flat(),
  );
}

function groupsOf({ by, target, sweep }: Options, prepared: Prepared, measured: Measured): LiveGroups {
  const { grouping, parts } = prepared;
  const { through, groups: found, picked, skipped } = grouping!;
  const groups = parts.map(({ group, question }, i): LiveGroup => {
    const [base, ...steps] = measured[i]!;
    const verdict =
      target === undefined ? null : judgeGroup(recallsOf(base!.measured), { target, groups: parts.length });
    return {
      value: group!.value,
      rows: group!.rows,
      where: group!.condition,
      sql: question.approximate.text,
      ...base!,
      steps: steps.map((step, j) => ({ value: sweep!.values[j]!, ...step })),
      verdict,
    };
  });
  return {
    by: by!,
    through,
    found: found.length,
    skipped: skipped + (picked.groups.length - parts.length),
    strata: picked.strata,
    mean: meanOver(
      prepared,
      measured.map(([base]) => base!),
    ),
    groups: groups.toSorted(
      (a, b) =>
        a.measured.recall.mean.value - b.measured.recall.mean.value ||
        a.measured.completeness.mean - b.measured.completeness.mean,
    ),
  };
}

function sweepOf({ sweep, target }: Options, prepared: Prepared, measured: Measured): LiveSweep {
  const { setting, values } = sweep!;
  const arms = values.map((_, i) => measured.map((ofPart) => ofPart[i + 1]!));
  const means = arms.map((ofValue) => meanOver(prepared, ofValue).recall);
  const least = (shown: (value: number) => Shown): number | null =>
    leastReaching(
      values,
      values.map((_, i) => shown(i) === 'reached'),
    );
  return {
    setting,
    values,
    means,
    steps: prepared.grouping ? [] : arms.map(([arm], i) => ({ value: values[i]!, ...arm! })),
    lowest: target === undefined ? null : least((i) => judgeMean(means[i]!, target)),
    lowestForEvery: target === undefined || !prepared.grouping ? null : least((i) => judgeGroups(arms[i]!, target)),
  };
}

const judgeGroups = (arms: readonly MeasuredArm[], target: number): Shown =>
  judgeAll(arms.map(({ measured }) => judgeGroup(recallsOf(measured), { target, groups: arms.length })));

type Facts = Omit<LiveRecall, 'findings' | 'verdict'>;

function verdictOf({ cost, conditions, measured, by, sweep }: Facts, { target }: Options): LiveRecall['verdict'] {
  if (!measured && !by) return conditions ? 'void' : cost ? 'too expensive' : 'no index used';
  if (target === undefined) return 'measured';
  if (sweep) {
    if ((by ? sweep.lowestForEvery : sweep.lowest) !== null) return 'reached';
    const last = by
      ? judgeAll(
          by.groups.map(({ steps }) =>
            judgeGroup(recallsOf(steps.at(-1)!.measured), { target, groups: by.groups.length }),
          ),
        )
      : judgeMean(sweep.means.at(-1)!, target);
    return last === 'reached' ? 'inconclusive' : last;
  }
  return by ? judgeAll(by.groups.map(({ verdict }) => verdict!)) : judgeMean(measured!.recall.mean, target);
}
