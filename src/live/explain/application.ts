import { shortHash } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import { bothPlans } from '../../measure/index.js';
import {
  applySettings,
  literal,
  type PlanNode,
  refusalOf,
  type Session,
  type Settings,
  walkPlan,
} from '../../postgres/index.js';
import { explainLines, isServed, livePlan } from '../catalog/plan.js';
import type { LiveTable } from '../catalog/table.js';
import type { ExplainedPlan } from './report.js';

/** The statement as the application sends it: prepared, in its own `search_path`. All within one read-only transaction. */
export interface Application {
  readonly session: Session;
  readonly table: LiveTable;
  /** Of the parameters, as SQL wants them. */
  readonly types: readonly string[];
  /** Of the parameters, by their numbers, as text. */
  readonly values: ReadonlyMap<number, string>;
  /** The same as SQL, in their order. */
  readonly literals: readonly string[];
}

/** The plan for these parameters, and the one without regard to them. */
export interface LookedAt extends ExplainedPlan {
  readonly nodes: readonly PlanNode[];
  readonly genericUsesIndex: boolean;
  readonly genericText: string;
  readonly genericCost: number;
  readonly planCacheMode: string;
}

/** Runs `work` and undoes what it set, also where the server refused something. */
export async function undone<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('SAVEPOINT pgvtune_look');
  try {
    return await work();
  } finally {
    await session.query('ROLLBACK TO SAVEPOINT pgvtune_look');
    await session.query('RELEASE SAVEPOINT pgvtune_look');
  }
}

/** @throws {PgvtuneError} `usage` where the server refuses the statement; `server` where it may not be run */
export async function prepare(session: Session, sql: string, types: readonly string[] = []): Promise<string> {
  const name = `pgvtune_${shortHash(`${sql}\n${types.join()}`)}`;
  const [known] = await session.query('SELECT FROM pg_prepared_statements WHERE name = $1', [name]);
  // A plan that does not depend on parameters is kept, whatever is set afterwards.
  if (known) await session.query(`DEALLOCATE "${name}"`);
  await session.query(`PREPARE "${name}"${types.length > 0 ? ` (${types.join(', ')})` : ''} AS ${sql}`).catch(refused);
  return name;
}

/** @throws {PgvtuneError} `usage` for what is wrong with a statement or a value, the error itself for all else */
export function refused(error: unknown): never {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  const { why, sqlstate } = refusal;
  throw new PgvtuneError('usage', `The server refuses the statement: ${why}.`, {
    hint: 'It is planned as this role, with its own search_path: write names with their schemas, and types of parameters ($1::vector).',
    sqlstate,
    cause: error,
  });
}

/** Plans a statement under settings that hold for this look alone; nothing is executed. */
export function lookAt(app: Application, sql: string, settings: Settings = {}): Promise<LookedAt> {
  const { session, table, types, literals } = app;
  return undone(session, async () => {
    await applySettings(session, settings);
    const name = await prepare(session, sql, types);
    const { mode, custom, generic } = await bothPlans(session, { name, text: sql }, literals).catch(refused);
    const isGeneric = mode === 'force_generic_plan';
    const shown = isGeneric ? generic : custom;
    return {
      usesIndex: isServed(shown, table),
      text: textOf(shown, table),
      totalCost: costOf(shown),
      explain: await explainLines(session, execution(name, literals)),
      nodes: [...walkPlan(shown)],
      genericUsesIndex: isServed(generic, table),
      genericText: textOf(generic, table),
      genericCost: costOf(generic),
      planCacheMode: mode,
    };
  });
}

/** The same for a statement that was rewritten; null where the server refuses it. */
export const lookIfValid = (app: Application, sql: string, settings: Settings = {}): Promise<LookedAt | null> =>
  lookAt(app, sql, settings).catch((error: unknown) => {
    if (error instanceof PgvtuneError && error.code === 'usage') return null;
    throw error;
  });

export const execution = (name: string, literals: readonly string[]): string =>
  `EXECUTE "${name}"${literals.length > 0 ? ` (${literals.join(', ')})` : ''}`;

export const literalsOf = (values: readonly string[]): readonly string[] => values.map((value) => literal(value));

/** Before PostgreSQL 18 what is switched off costs this much more. */
const DISABLED = 1e10;
const costOf = ({ totalCost }: PlanNode): number => totalCost % DISABLED;

/** How the table is read, and whether its rows are then sorted. */
function textOf(plan: PlanNode, table: LiveTable): string {
  const isSorted = [...walkPlan(plan)].some(({ type }) => type === 'Sort');
  return `${isSorted ? 'Sort, ' : ''}${livePlan(plan, table).text}`;
}
