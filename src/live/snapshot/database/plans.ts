import {
  type CostSettings,
  type DatabaseSnapshot,
  type IndexCandidate,
  indexCandidates,
  indexDefinition,
  indexScanCost,
  rowsOf,
  type ServedStatement,
  type Statement,
  type StatementPlan,
  totalMs,
  type Want,
  type WorkloadIndex,
} from '../../../audit/index.js';
import { isUnread } from '../../../findings.js';
import { PAGE_BYTES } from '../../../indexes/index.js';
import {
  applySettings,
  explainPrepared,
  literal,
  type PlanNode,
  qualified,
  readSettings,
  type Session,
  walkPlan,
} from '../../../postgres/index.js';
import { ownSearchPath } from '../../catalog/find-table.js';
import { explainLines } from '../../catalog/plan.js';
import { type Reading, readingOf, withValue } from '../../../statements/index.js';
import { execution } from '../../explain/application.js';
import { isWorthwhile, prepared, unlessRefused } from './prepared.js';
import { cheapestRewrite } from './statement-rewrites.js';

/** Statements that are planned, the most expensive first. */
const MOST_STATEMENTS = 40;
const MOST_INDEXES = 20;

type Catalog = Pick<DatabaseSnapshot, 'statements' | 'tables' | 'columns' | 'indexes' | 'columnStatistics'>;

/** A statement, and what of it is planned. */
interface Readable {
  readonly statement: Statement;
  readonly reading: Reading;
}

interface Planned extends Readable {
  readonly plan: StatementPlan;
}

/**
 * Plans what the statements that took most time read, without their parameters, and again with indexes that do not exist: hypothetical
 * ones where HypoPG is installed, else by their cost. Nothing is executed or locked. It is for the end of a transaction, whose settings
 * it changes.
 */
export async function readPlans(session: Session, catalog: Catalog): Promise<DatabaseSnapshot['workload']> {
  const { statements } = catalog;
  if (isUnread(statements)) return statements;
  await applySettings(session, {
    plan_cache_mode: 'force_generic_plan',
    search_path: await ownSearchPath(session),
  });
  const planned: Planned[] = [];
  let refused = 0;
  for (const readable of mostExpensive(statements.statements)) {
    const plan = await planOf(session, readable);
    if (plan) planned.push({ ...readable, plan });
    else refused++;
  }
  const candidates = indexCandidates(
    planned.map(({ statement }) => statement),
    catalog,
  ).slice(0, MOST_INDEXES);
  const before: Before = new Map(planned.map((one) => [one.statement, one]));
  const hypopg = candidates.length === 0 ? null : await hypopgSchema(session);
  const indexes =
    (hypopg === null ? null : await byHypopg(session, hypopg, candidates, before, catalog)) ??
    byCost(candidates, before, catalog, await costSettings(session));
  return { plans: planned.map(({ plan }) => plan), refused, indexes };
}

const mostExpensive = (statements: readonly Statement[]): readonly Readable[] =>
  statements
    .filter(({ shape }) => shape !== null && shape.relations.length > 0)
    .toSorted((a, b) => totalMs(b) - totalMs(a))
    .flatMap((statement) => {
      const reading = readingOf(statement.query);
      return reading ? [{ statement, reading }] : [];
    })
    .slice(0, MOST_STATEMENTS);

/** @returns null where the role may not read a table, or the server needs the parameters */
function planOf(session: Session, { statement, reading: { sql, part } }: Readable): Promise<StatementPlan | null> {
  const { id, role, shape } = statement;
  return prepared(session, sql, async ({ name, literals, types }) => {
    const plan = await explainPrepared(session, { name, text: sql }, literals, { analyze: false });
    const nodes = [...walkPlan(plan)];
    const sorts = nodes.filter(({ type }) => type === 'Sort');
    const isRewritable = part === 'all' && !shape?.nearest;
    return {
      id,
      role,
      part,
      totalCost: plan.totalCost,
      lines: await explainLines(session, execution(name, literals)),
      scans: nodes
        .filter(({ type, relation }) => type === 'Seq Scan' && relation !== null)
        .map(({ relation, totalCost, estimatedRows, isFiltered }) => ({
          table: relation!,
          cost: totalCost,
          rows: estimatedRows,
          isFiltered,
        })),
      rewrite: isRewritable ? await cheapestRewrite(session, sql, { types, cost: plan.totalCost }) : null,
      sortedRows:
        sorts.length === 0 ? null : Math.max(...sorts.flatMap(({ children }) => children[0]?.estimatedRows ?? 0)),
    };
  });
}

async function hypopgSchema(session: Session): Promise<string | null> {
  const [row] = await session.query<{ schema: string }>(
    `SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'hypopg' AND has_schema_privilege(n.oid, 'USAGE')`,
  );
  return row?.schema ?? null;
}

type Before = ReadonlyMap<Statement, Planned>;

/**
 * Lets the planner choose among hypothetical indexes. They are known to this session alone.
 *
 * @returns null where the role may create none
 */
async function byHypopg(
  session: Session,
  schema: string,
  candidates: readonly IndexCandidate[],
  before: Before,
  catalog: Catalog,
): Promise<readonly WorkloadIndex[] | null> {
  const made: {
    readonly oid: string;
    readonly name: string;
    readonly bytes: number;
    readonly candidate: IndexCandidate;
  }[] = [];
  try {
    for (const candidate of candidates) {
      const definition = literal(indexDefinition(candidate, catalog));
      const rows = await unlessRefused(session, () =>
        session.query<{ oid: string; name: string; bytes: number }>(
          `SELECT i.indexrelid::text AS oid, i.indexname AS name, ${qualified(schema, 'hypopg_relation_size')}(i.indexrelid)::float8 AS bytes
             FROM ${qualified(schema, 'hypopg_create_index')}(${definition}) AS i`,
        ),
      );
      if (rows?.[0]) made.push({ ...rows[0], candidate });
    }
    if (made.length === 0) return null;
    const after = new Map<Statement, PlanNode>();
    for (const want of new Map(candidates.flatMap(({ wants }) => wants.map((one) => [one.statement, one]))).values()) {
      const sql = plannedText(want, before.get(want.statement)!.reading.sql, catalog);
      const plan = await prepared(session, sql, ({ name, literals }) =>
        explainPrepared(session, { name, text: sql }, literals, { analyze: false }),
      );
      if (plan) after.set(want.statement, plan);
    }
    return made.flatMap(({ name, bytes, candidate }) => {
      const served = [...after].flatMap(([statement, plan]) =>
        [...walkPlan(plan)].some(({ index }) => index === name) ? cheaper(statement, before, plan.totalCost) : [],
      );
      return workloadIndex(candidate, 'hypopg', bytes, served);
    });
  } finally {
    for (const { oid } of made)
      await session.query(`SELECT ${qualified(schema, 'hypopg_drop_index')}(${literal(oid)}::oid)`);
  }
}

/** A partial index for a value serves no plan without it. */
function plannedText({ tableOid, predicate, statement: { shape } }: Want, sql: string, { columns }: Catalog): string {
  if (predicate === null || predicate.value === null) return sql;
  const column = columns.find((one) => one.tableOid === tableOid && one.number === predicate.column);
  const use = shape?.equalities.find((one) => one.column === column?.name);
  return (use && withValue(sql, use, predicate.value)) ?? sql;
}

function byCost(
  candidates: readonly IndexCandidate[],
  before: Before,
  { tables }: Catalog,
  costs: CostSettings,
): readonly WorkloadIndex[] {
  return candidates.flatMap((candidate) => {
    const table = tables.find(({ oid }) => oid === candidate.tableOid)!;
    const size = { rows: rowsOf(table), pages: table.heapBytes / PAGE_BYTES };
    const served = candidate.wants.flatMap(({ statement, predicate }) => {
      const { plan } = before.get(statement)!;
      const scan = plan.scans.find((one) => one.table === table.name && one.isFiltered);
      if (!scan) return [];
      // Without the value the planner takes the mean of all values.
      const rows = predicate === null || predicate.value === null ? scan.rows : predicate.share * size.rows;
      return cheaper(statement, before, beside(plan.totalCost, scan.cost) + indexScanCost(rows, size, costs));
    });
    return workloadIndex(candidate, 'cost-model', null, served);
  });
}

/** What a plan costs without one of its scans, of which a LIMIT may have counted a part only. */
const beside = (total: number, scan: number): number => Math.max(0, total - scan);

function cheaper(statement: Statement, before: Before, costAfter: number): readonly ServedStatement[] {
  const { id, role, totalCost: costBefore } = before.get(statement)!.plan;
  return isWorthwhile(costBefore, costAfter) ? [{ id, role, costBefore, costAfter }] : [];
}

const workloadIndex = (
  { tableOid, columns, predicate }: IndexCandidate,
  proof: WorkloadIndex['proof'],
  bytes: number | null,
  statements: readonly ServedStatement[],
): readonly WorkloadIndex[] =>
  statements.length === 0 ? [] : [{ tableOid, columns, predicate, proof, bytes, statements }];

async function costSettings(session: Session): Promise<CostSettings> {
  const names = [
    'seq_page_cost',
    'random_page_cost',
    'cpu_tuple_cost',
    'cpu_index_tuple_cost',
    'cpu_operator_cost',
  ] as const;
  const values = await readSettings(session, names);
  const of = (name: (typeof names)[number]): number => Number(values[name]);
  return {
    seqPageCost: of('seq_page_cost'),
    randomPageCost: of('random_page_cost'),
    cpuTupleCost: of('cpu_tuple_cost'),
    cpuIndexTupleCost: of('cpu_index_tuple_cost'),
    cpuOperatorCost: of('cpu_operator_cost'),
  };
}
