import { createColumnIndexSql, placeIndexes } from '../../../src/indexes/index.js';
import {
  applySettings,
  explainPrepared,
  ident,
  literal,
  loadVectors,
  type PlanNode,
  type Server,
  type Session,
} from '../../../src/postgres/index.js';
import { argumentText, encodeArgument } from '../../../src/experiment/points/arm.js';
import type { Join } from '../../../src/filter.js';
import { shortHash } from '../../../src/canonical-json.js';
import type { OtherPlan } from '../../../src/results/index.js';
import type { IndexSpec, SearchSettings } from '../../../src/vocabulary.js';
import {
  columnDefinition,
  createJoinedTable,
  filteredGucs,
  type FilteredQuestion,
  type FilteredStrategy,
  ITEMS,
  type JoinedStep,
  type NeededIndex,
  type QueryArgument,
  sqlTypeText,
  stepsOf,
  valueText,
} from '../../../src/workloads/index.js';
import type { TestData } from './filtered-data.js';

/** What became of the queries that were put to a strategy. */
export interface Served {
  /** What the strategy says is wrong with the plan, per query; null where nothing is. */
  readonly problems: readonly (OtherPlan | null)[];
  readonly plans: readonly PlanNode[];
  readonly returned: readonly (readonly number[])[];
}

/** A loaded table on a server, on which strategies are set up and tried one by one. */
export interface StrategyBench {
  readonly session: Session;
  serve(options: {
    readonly strategy: FilteredStrategy;
    readonly question: FilteredQuestion;
    readonly spec: IndexSpec;
    readonly settings?: SearchSettings;
    /** Settings of the server beside those of the strategy. */
    readonly server?: Readonly<Record<string, string>>;
  }): Promise<Served>;
}

const FOREVER = { deadlineMs: Infinity };

/** Loads the data as `items`, and the tables of a join. */
export async function createStrategyBench(
  server: Server,
  data: TestData,
  join: Join | null = null,
): Promise<StrategyBench> {
  const session = await server.connect('filtered');
  const schema = `filtered_${shortHash([data.rowCount, join])}`;
  await session.query(`CREATE SCHEMA ${schema}`);
  await session.query(`SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), false)`, [
    schema,
  ]);
  await loadItems(session, server, data);
  for (const step of stepsOf(join)) await loadJoined(session, data, step);
  const quote = ident;
  /** Names of the indexes that exist, by what was needed; and of all of them. */
  const built = new Map<string, readonly string[]>();

  async function build(needed: NeededIndex, question: FilteredQuestion): Promise<readonly string[]> {
    const name = `${needed.kind}_${shortHash(needed)}`;
    const before = built.get(name);
    if (before) return before;
    if (needed.kind === 'column') {
      await session.query(createColumnIndexSql({ name, spec: needed.spec, quote }));
      await session.query(`ANALYZE ${quote(needed.spec.table)}`);
      built.set(name, [name]);
      return [name];
    }
    const { dimensions } = data.base;
    const placed = placeIndexes({
      ...needed,
      name,
      table: ITEMS,
      column: 'embedding',
      dimensions,
      metric: question.metric,
      quote,
    });
    const [known] = placed.copy
      ? await session.query(`SELECT 1 FROM pg_class WHERE relname = $1`, [placed.copy.name])
      : [];
    if (!known) for (const statement of placed.copy?.create ?? []) await session.query(statement, [], FOREVER);
    for (const index of placed.indexes) await session.query(index.create ?? '', [], FOREVER);
    const names = placed.indexes.map((index) => index.name);
    built.set(name, names);
    return names;
  }

  return {
    session,
    async serve({ strategy, question, spec, settings = {}, server: others = {} }) {
      const names: string[] = [];
      for (const needed of strategy.indexes(question, spec)) names.push(...(await build(needed, question)));
      const query = strategy.query(question, spec, { quote });
      const statement = { name: `s_${shortHash(query.text)}`, text: query.text };
      const rule = strategy.planRule(question, spec, names);
      return session.rolledBack(async () => {
        const hidden = [...built.values()].flat().filter((name) => !names.includes(name));
        if (hidden.length > 0) await session.query(`DROP INDEX ${hidden.map(quote).join(', ')}`);
        const wanted = { ...filteredGucs(spec, { ...strategy.settings(question, spec), ...settings }), ...others };
        const got = await applySettings(session, wanted);
        for (const [name, value] of Object.entries(wanted)) {
          if (got[name] !== value) throw new Error(`${name} should be ${value} and is ${got[name]}.`);
        }
        const problems: (OtherPlan | null)[] = [];
        const plans: PlanNode[] = [];
        const returned: number[][] = [];
        for (let q = 0; q < question.queries.size; q++) {
          const values = query.arguments(q);
          const rows = await session.execute(statement, values.map(encodeArgument));
          returned.push(rows.map(([id]) => Number(id)));
          const plan = await explainPrepared(session, statement, values.map(toLiteral), { analyze: true });
          plans.push(plan);
          problems.push(rule(plan, q));
        }
        return { problems, plans, returned };
      });
    },
  };
}

const toLiteral = (value: QueryArgument): string => literal(argumentText(value));

async function loadItems(session: Session, server: Server, data: TestData): Promise<void> {
  const { base, columns, attributes } = data;
  await session.query(`CREATE TABLE vectors (id bigint, embedding vector(${base.dimensions}))`);
  const blocks = (async function* () {
    yield { ...base, start: 0 };
  })();
  await loadVectors([session], server.capabilities, { table: 'vectors', blocks, onProgress: () => undefined });
  await loadAttributes(
    session,
    'attributes',
    [{ name: 'id', type: 'number' }, ...columns],
    attributes.map((row, id) => ({ ...row, id })),
  );
  await session.query(
    `CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(${base.dimensions}) NOT NULL, ${columns.map(columnDefinition).join(', ')})`,
  );
  await session.query(
    `INSERT INTO items SELECT v.id, v.embedding, ${columns.map(({ name }) => `a.${ident(name)}`).join(', ')} FROM vectors v JOIN attributes a USING (id) ORDER BY v.id`,
  );
  await session.query('DROP TABLE vectors, attributes');
  await session.query('VACUUM (ANALYZE) items', [], FOREVER);
}

async function loadJoined(session: Session, data: TestData, step: JoinedStep): Promise<void> {
  const table = createJoinedTable(step);
  for (const row of data.attributes) table.add(row);
  const key = data.columns.find(({ name }) => name === step.key)!;
  const columns = [{ ...key, name: 'id' }, ...data.columns.filter(({ name }) => step.columns.includes(name))];
  await loadAttributes(session, step.table, columns, [...table.entries()]);
  await session.query(`ALTER TABLE ${ident(step.table)} ADD PRIMARY KEY (id)`);
  await session.query(`VACUUM (ANALYZE) ${ident(step.table)}`);
}

async function loadAttributes(
  session: Session,
  table: string,
  columns: TestData['columns'],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await session.query(`CREATE TABLE ${ident(table)} (${columns.map(columnDefinition).join(', ')})`);
  // Each column travels as an array of texts: those of unlike lengths could not be unnested otherwise.
  const casts = columns.map((column, i) => `c${i}::${sqlTypeText(column)}`).join(', ');
  const names = columns.map((_, i) => `c${i}`).join(', ');
  await session.query(
    `INSERT INTO ${ident(table)} SELECT ${casts} FROM unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(', ')}) AS t(${names})`,
    columns.map((column) => rows.map((row) => valueText(column, row[column.name])) as string[]),
  );
}
