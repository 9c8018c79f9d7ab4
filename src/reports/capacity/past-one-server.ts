import { columnTypeSql, gucs, indexKind, recallKnob } from '../../indexes/index.js';
import type { Metric } from '../../vocabulary.js';
import type { GrowthFacts, GrowthPlan } from '../../capacity/index.js';
import { distributeByCitus, foreignTables, nearestOverShards, type Shard } from '../../workloads/index.js';
import { sqlBlock, list } from '../text/markdown.js';
import type { RunTexts } from '../text/run-texts.js';

/** The form for more servers is the same. */
const SHARDS: readonly Shard[] = [1, 2].map((number) => ({
  server: `shard_${number}`,
  foreignTable: `items_${number}`,
  connection: { host: `shard-${number}`, dbname: 'app' },
  user: 'app',
  table: { schema: 'public', name: 'items' },
}));

/** PostgreSQL's own means where one server is not enough; empty while it is. Statements are examples: no shard was measured. */
export function pastOneServer({
  facts,
  plan,
  metric,
  k,
  texts,
}: {
  readonly facts: GrowthFacts;
  readonly plan: GrowthPlan;
  readonly metric: Metric;
  readonly k: number;
  readonly texts: RunTexts;
}): readonly string[] {
  const { pastOne } = texts.sections.capacity;
  const { servers, toRows } = plan;
  const wantsReplicas = plan.limits.some(({ code }) => code === 'peak');
  if (servers === null && !wantsReplicas) return [];
  const { spec, dimensions } = facts;
  const settings = settingsAt(facts);
  const search = nearestOverShards({ shards: SHARDS, spec, metric, dimensions, k });
  return [
    `## ${pastOne.heading}`,
    ...(servers === null ? [] : [pastOne.divided(toRows, servers)]),
    list(
      servers === null ? [pastOne.replicas] : [pastOne.replicas, pastOne.partitions, pastOne.shards, pastOne.others],
    ),
    ...(servers === null || search === null
      ? []
      : [
          pastOne.fdw,
          sqlBlock(
            terminated([...foreignTables({ shards: SHARDS, settings }, columnTypeSql(metric, dimensions)), search]),
          ),
          pastOne.citus,
          sqlBlock(terminated(distributeByCitus({ table: 'items', database: 'app', settings }))),
        ]),
    pastOne.notMeasured,
  ];
}

const terminated = (statements: readonly string[]): readonly string[] => statements.map((statement) => `${statement};`);

/** The settings that reach the recall on all rows. */
function settingsAt({ spec, points }: GrowthFacts): Readonly<Record<string, string>> {
  const knob = recallKnob(indexKind(spec.method), spec.parameters);
  const value = points.at(-1)?.knob ?? null;
  return knob && value !== null ? gucs(spec.method, { [knob.name]: knob.integer ? Math.ceil(value) : value }) : {};
}
