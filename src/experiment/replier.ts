import type {
  DatasetKind,
  EarlierRuns,
  KindName,
  MeasurementAsk,
  RecordOf,
  Reply,
  RequestOf,
  Ask,
} from '../results/index.js';
import { keyOf } from '../results/index.js';
import { createIndexes } from './build/indexes.js';
import type { RunContext } from './context.js';
import { createHybridLegs } from './hybrid/legs.js';
import type { Bench } from './measurements/handler.js';
import { HANDLERS } from './measurements/registry.js';
import { stopwatch } from './stopwatch.js';
import { createSubsetTables } from './table/subset.js';
import { createVerifiedFilters, createVerifiedLegs, createVerifiedTables } from './table/verified-table.js';

/**
 * Answers a search on the table of a dataset, see {@link replierOf}.
 *
 * @param earlier what may be answered from other runs, where a search allows it
 * @param spentSeconds that the run has taken so far
 */
export function createReplier(
  context: RunContext,
  earlier: EarlierRuns,
  spentSeconds: () => number = stopwatch(context.journal, context.clock),
): (ask: Ask) => Promise<Reply> {
  const bench = createBench(context);
  return replierOf<DatasetKind>(context, {
    earlier,
    spentSeconds,
    measure: (kind, requests) => HANDLERS[kind](bench, requests),
    release: (build) => bench.indexes.release(build),
  });
}

/** How a search is answered that asks for measurements of these kinds. */
interface Answering<Kind extends KindName> {
  readonly earlier: EarlierRuns;
  readonly spentSeconds: () => number;
  /** Makes what was asked together; a record for each request, in their order. */
  readonly measure: <K extends Kind>(kind: K, requests: readonly RequestOf<K>[]) => Promise<readonly RecordOf<K>[]>;
  /** Nothing more is asked of a build. */
  readonly release: (build: string) => Promise<void>;
}

/**
 * Answers a search: from the journal what was finished before, from earlier runs what the search accepts from there, by
 * measuring everything else. A new record is in the journal before the search hears of it, and no request has two.
 *
 * @returns throws a `TypeError`, a defect of the search, where of what is to be measured together a part is known
 */
export function replierOf<Kind extends KindName>(
  { journal, reporter }: Pick<RunContext, 'journal' | 'reporter'>,
  { earlier, spentSeconds, measure: make, release }: Answering<Kind>,
): (ask: Ask) => Promise<Reply> {
  const reused = new Set<string>();

  /** The first record of a key, though a build may have been made again since: a resumed search must hear the same. */
  const recorded = <K extends KindName>(kind: K, key: string): RecordOf<K> | undefined =>
    journal.records.find((record): record is RecordOf<K> => record.type === kind && record.key === key);

  function keep<K extends KindName>(
    records: readonly RecordOf<K>[],
    { expectedSeconds }: MeasurementAsk<K>,
  ): readonly RecordOf<K>[] {
    for (const record of records) {
      const fromRun = 'fromRun' in record ? record.fromRun : undefined;
      if (fromRun !== undefined && !reused.has(fromRun)) {
        reporter.note({ code: 'run-reused', data: { run: fromRun } });
        reused.add(fromRun);
      }
    }
    const time = { spentSeconds: spentSeconds(), ...(expectedSeconds === undefined ? {} : { expectedSeconds }) };
    return journal.appendTogether(records.map((record) => ({ ...record, ...time })));
  }

  async function measure<K extends Kind>(ask: MeasurementAsk<K>): Promise<Reply> {
    const { kind, requests, orEarlier, at, expectedSeconds, ahead } = ask;
    const keys = requests.map((request) => keyOf(kind, request));
    const known = keys.map((key) => recorded(kind, key));
    if (known.every((record) => record !== undefined)) return known;
    const twice = keys.find((key, i) => known[i] !== undefined || keys.indexOf(key) !== i);
    if (twice !== undefined) throw new TypeError(`Expected to measure each ${kind} once, got ${twice} a second time.`);
    const others = keys.map((key) => (orEarlier ? earlier.record(kind, key) : undefined));
    if (others.every((record) => record !== undefined)) return keep<K>(others, ask);
    if (ahead) reporter.note({ code: 'cost-ahead', data: ahead });
    if (at) reporter.moveTo?.({ at, expectedSeconds: expectedSeconds ?? null });
    return keep<K>(await make(kind, requests), ask);
  }

  return async (ask) => {
    if (ask.kind !== 'release') return measure(ask as MeasurementAsk<Kind>);
    await release(ask.build);
    return [];
  };
}

function createBench(context: RunContext): Bench {
  const subsetTable = createSubsetTables(context);
  const verifiedTable = createVerifiedTables(context);
  const indexes = createIndexes(context, { subset: subsetTable, verified: verifiedTable });
  return {
    ...context,
    subsetTable,
    verifiedTable,
    verifiedFilter: createVerifiedFilters(context),
    verifiedLegs: createVerifiedLegs(context),
    indexes,
    legsOf: createHybridLegs(context),
  };
}
