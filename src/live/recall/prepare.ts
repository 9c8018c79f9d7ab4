import { PgvtuneError } from '../../errors.js';
import { applySettings, checkPredicate, readServerFacts, type Settings } from '../../postgres/index.js';
import { createRandom } from '../../random.js';
import type { NamedJoin } from '../catalog/joins.js';
import { ownSearchPath } from '../catalog/find-table.js';
import { type LiveTable, readLiveTable } from '../catalog/table.js';
import { findGroups, type Group, type Grouping, pickGroups, type PickedGroups } from './groups.js';
import type { LiveRecallOptions } from './measure.js';
import { drawFromExecutions, drawFromLog, drawRows, type LiveQueries, parametersOf, withValues } from './queries.js';
import { type LiveQuestion, liveQuestion } from './question.js';
import type { LiveRecall } from './report.js';
import { checkStatement, readApplicationStatement } from '../statement/application-statement.js';
import { refuseSettings, settingsInForce } from './settings.js';
import { statementQuestion } from './statement-question.js';

/** What is asked of which rows: all that meet the condition, or those of one group. */
export interface LivePart {
  readonly group: Group | null;
  readonly question: LiveQuestion;
  readonly drawn: LiveQueries;
}

export interface Prepared {
  readonly server: LiveRecall['server'];
  readonly table: LiveTable;
  /** Neighbours that a query is judged by. */
  readonly k: number;
  /** What an application's statement is planned under besides, its names and its parameters; empty without one. */
  readonly planned: Settings;
  readonly where: string | null;
  /** Null without `by`. */
  readonly grouping: (Grouping & { readonly picked: PickedGroups; readonly skipped: number }) | null;
  /** None where there is no index to ask. */
  readonly parts: readonly LivePart[];
  /** For the part, or for the first one. */
  readonly question: LiveQuestion | null;
  readonly settings: Settings;
}

/** A plan for any parameters is not the one for these, and which of them is used depends on how often it was asked. */
const PLANNED_ANEW: Settings = { plan_cache_mode: 'force_custom_plan' };

/** Groups that are measured when nobody says how many. */
const MOST_GROUPS = 20;

/** Looks everything up, refuses what cannot be meant, and draws the queries. */
export async function prepare(options: LiveRecallOptions): Promise<Prepared> {
  const { session, log, executions, by, sweep, deadlineMs, seed } = options;
  await refuseSettings(session, { ...options.settings, ...(sweep && { [sweep.setting]: String(sweep.values[0]) }) });
  const { version, pgvector } = await readServerFacts(session);
  const [state] = await session.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  const table = await readLiveTable(session, options.table, options.column);
  const where = options.where === undefined ? null : await checkPredicate(session, table.quoted, options.where);
  const path: Settings = options.statement === undefined ? {} : { search_path: await ownSearchPath(session) };
  await applySettings(session, path);
  const statement =
    options.statement === undefined
      ? null
      : await readApplicationStatement(session, table, options.statement, {
          values: options.values ?? new Map(),
          isLogged: executions !== undefined,
        });
  // A row finds itself first: it is asked for, and left out.
  const itself = log || executions ? 0 : 1;
  const k = statement ? statement.limit - itself : options.k;
  if (k < 1) throw needsLog();
  const ask = (condition: string | null) =>
    statement
      ? statementQuestion(table, statement, options.index)
      : liveQuestion(table, { index: options.index, limit: k + itself, where: condition });
  const question = ask(where);
  for (const value of sweep?.values ?? []) {
    await settingsInForce(session, { ...options.settings, [sweep!.setting]: String(value) }, question);
  }
  const anew = statement && statement.drawn.length + statement.logged.length > 0 ? PLANNED_ANEW : {};
  const planned = { ...path, ...anew };
  const settings = await settingsInForce(session, { ...anew, ...options.settings }, question);

  const random = createRandom(seed).fork('queries');
  const draw = (asked: LiveQuestion, condition: string | null): Promise<LiveQueries> => {
    const drawing = { queries: options.queries, where: condition, random, deadlineMs };
    if (executions && statement) {
      return drawFromExecutions(session, table, asked, executions, { ...drawing, statement });
    }
    return log ? drawFromLog(session, table, asked, log, drawing) : drawRows(session, table, asked, drawing);
  };
  const grouping = by === undefined ? null : await groupRows(options, table, { by, where, joins: options.joins ?? [] });
  const parts: LivePart[] = [];
  if (question && grouping) {
    for (const group of grouping.picked.groups) {
      const condition = where === null ? group.condition : `(${where} AND ${group.condition})`;
      const asked = ask(condition)!;
      const drawn = await draw(asked, condition).catch(nothingToAsk);
      if (drawn) parts.push({ group: { ...group, condition }, question: asked, drawn });
    }
    if (parts.length === 0) throw nothingToGroup(table);
  } else if (question) {
    const vectors = await draw(question, where);
    const queries = statement
      ? await withValues(session, table, statement, vectors.queries, { random: random.fork('values'), deadlineMs })
      : vectors.queries;
    if (statement) await checkStatement(session, question.approximate.text, parametersOf(queries[0]!));
    parts.push({ group: null, question, drawn: { ...vectors, queries } });
  }
  const server = { version, pgvector, standby: state?.standby ?? false };
  return { server, table, k, planned, where, grouping, parts, question, settings };
}

async function groupRows(
  { session, groups = MOST_GROUPS, log, deadlineMs, seed }: LiveRecallOptions,
  table: LiveTable,
  asked: { readonly by: string; readonly where: string | null; readonly joins: readonly NamedJoin[] },
): Promise<Prepared['grouping']> {
  const grouping = await findGroups(session, table, { ...asked, deadlineMs });
  // A row that is the query needs another one to be its neighbour.
  const large = grouping.groups.filter(({ rows }) => rows >= (log ? 1 : 2));
  if (large.length === 0) throw nothingToGroup(table);
  const picked = pickGroups(large, groups, createRandom(seed).fork('groups'));
  return { ...grouping, groups: large, picked, skipped: grouping.groups.length - large.length };
}

const needsLog = (): PgvtuneError =>
  new PgvtuneError('usage', 'The statement asks for one row, and a row of the table finds itself first.', {
    hint: "Give the application's own query vectors: --query-log or --query-table.",
  });

/** A group of zero vectors only has nothing to be measured. */
function nothingToAsk(error: unknown): null {
  if (error instanceof PgvtuneError && error.code === 'dataset') return null;
  throw error;
}

const nothingToGroup = ({ label }: LiveTable): PgvtuneError =>
  new PgvtuneError('dataset', `${label} has no group with two vectors that can be asked for.`, {
    hint: 'Fill the tables first, or take a condition that more rows meet.',
  });
