import type { FoundObstacle } from '../../results/index.js';
import { parametersOf, kindOfIndex, orderByOperators, predictPlan, searchSettingsOf } from '../../indexes/index.js';
import { plannerSettings } from '../../measure/index.js';
import { readPlannerFacts, readSettings, type Settings } from '../../postgres/index.js';
import {
  findSearch,
  itemsOf,
  joinsKeepRows,
  limitingSelect,
  type KnownRelation,
  rowsAsked,
  searchFirst,
  type VectorSearch,
  withoutFurtherKeys,
  writeSelect,
} from '../../statements/index.js';
import type { VectorIndex } from '../catalog/vector-indexes.js';
import { type Application, type LookedAt, lookIfValid } from './application.js';

type Root = VectorSearch['root'];

/** A statement that the text obstacles were taken out of, and what the planner makes of it. */
export interface Candidate {
  readonly root: Root;
  readonly settings: Settings;
  readonly look: LookedAt;
}

interface Step extends Candidate {
  readonly found: FoundObstacle;
}

/** Rows that are scanned and sorted in milliseconds: no index is worth its upkeep. */
const FEW_ROWS = 10_000;
/** What discourages every plan without an ordered index. */
const FORCED: Settings = { enable_seqscan: 'off', enable_sort: 'off', enable_bitmapscan: 'off' };

/**
 * What makes the planner take another plan than the index, although nothing in the statement forbids it, by trying: each look
 * changes one thing. The candidate of the last step is the statement to use.
 */
export async function plannerSteps(
  app: Application,
  relations: readonly KnownRelation[],
  before: Candidate,
): Promise<readonly Step[]> {
  const { session, table } = app;
  const trial = async (root: Root, settings: Settings): Promise<Candidate> => ({
    root,
    settings,
    look: (await lookIfValid(app, writeSelect(root), settings)) ?? { ...before.look, usesIndex: false },
  });
  const unknown = table.leaves.find(({ estimatedRows, blocks }) => blocks > 0 && estimatedRows < 0);
  const steps: Step[] = [];
  let now = before;

  const { enable_indexscan: enabled } = await readSettings(session, ['enable_indexscan']);
  if (enabled === 'off') {
    const settings = { ...now.settings, enable_indexscan: 'on' };
    now = await trial(now.root, settings);
    const remedy = { kind: 'setting' as const, settings: { enable_indexscan: 'on' } };
    steps.push({ ...now, found: { code: 'method-off', data: { setting: 'enable_indexscan' }, remedy } });
    if (now.look.usesIndex) return steps;
  }

  const search = findSearch(structuredClone(now.root), relations);
  if (search.keysAfter > 0) {
    withoutFurtherKeys(search);
    const next = await trial(search.root, now.settings);
    if (next.look.usesIndex) {
      const remedy = { kind: 'rewrite' as const, sameRows: false };
      return [...steps, { ...next, found: { code: 'further-keys', data: { keys: search.keysAfter }, remedy } }];
    }
  }
  if (unknown) {
    const remedy = { kind: 'analyze' as const, table: table.quoted };
    return [...steps, { ...now, found: { code: 'never-analysed', data: { table: table.label }, remedy } }];
  }

  const forced = await trial(now.root, { ...now.settings, ...FORCED });
  if (!forced.look.usesIndex) {
    const found = { code: 'not-explained' as const, data: { plan: now.look.text }, remedy: { kind: 'none' as const } };
    return [...steps, { ...now, found }];
  }
  return [...steps, await cheaperPlan(app, relations, now, forced, trial)];
}

async function cheaperPlan(
  app: Application,
  relations: readonly KnownRelation[],
  now: Candidate,
  forced: Candidate,
  trial: (root: Root, settings: Settings) => Promise<Candidate>,
): Promise<Step> {
  const { table } = app;
  const search = findSearch(structuredClone(now.root), relations);
  const items = itemsOf(search.scope);
  const rows = Math.round(table.leaves.reduce((sum, leaf) => sum + Math.max(0, leaf.estimatedRows), 0));
  const pages = table.leaves.reduce((sum, { blocks }) => sum + blocks, 0);
  const costs = { plan: now.look.text, cost: now.look.totalCost, indexCost: forced.look.totalCost };
  const none = { kind: 'none' as const };

  if (items.length > 1) {
    const { select, scope, keysAfter } = search;
    const keepsRows = joinsKeepRows(search) && !scope.whereClause && select === scope && keysAfter === 0;
    const tables = items.flatMap((item) =>
      'RangeVar' in item && item.RangeVar !== search.relation ? [item.RangeVar.relname ?? ''] : [],
    );
    const data = { ...costs, tables };
    if (searchFirst(search, keepsRows ? { times: 1 } : {})) {
      const next = await trial(search.root, now.settings);
      if (next.look.usesIndex) {
        return { ...next, found: { code: 'cheaper-join', data, remedy: { kind: 'rewrite', sameRows: keepsRows } } };
      }
    }
    const next = await persuaded(now, trial);
    return { ...(next ?? now), found: { code: 'cheaper-join', data, remedy: next ? settingOf(now, next) : none } };
  }
  if (search.scope.whereClause) {
    const scans = forced.look.nodes.filter(({ index }) => table.indexes.some(({ name }) => name === index));
    const expected = scans.reduce((sum, { estimatedRows }) => sum + estimatedRows, 0);
    const selectivity = Math.min(1, expected / Math.max(1, rows));
    const data = { ...costs, selectivity, crossover: await crossoverOf(app, search, forced) };
    // So few rows are sorted sooner than an index finds them among all others.
    const next = selectivity * rows < FEW_ROWS ? null : await persuaded(now, trial);
    return { ...(next ?? now), found: { code: 'cheaper-filter', data, remedy: next ? settingOf(now, next) : none } };
  }
  if (rows < FEW_ROWS) {
    return { ...now, found: { code: 'small-table', data: { rows, pages, ...costs }, remedy: none } };
  }
  const next = await persuaded(now, trial);
  return { ...(next ?? now), found: { code: 'cheaper-scan', data: costs, remedy: next ? settingOf(now, next) : none } };
}

/** Settings that make an index look cheaper, the mildest first. */
const PERSUASIONS: readonly Settings[] = [{ random_page_cost: '1.1' }, { enable_seqscan: 'off', enable_sort: 'off' }];

async function persuaded(
  { root, settings }: Candidate,
  trial: (root: Root, settings: Settings) => Promise<Candidate>,
): Promise<Candidate | null> {
  for (const persuasion of PERSUASIONS) {
    const next = await trial(root, { ...settings, ...persuasion });
    if (next.look.usesIndex) return next;
  }
  return null;
}

const settingOf = (before: Candidate, after: Candidate): FoundObstacle['remedy'] => ({
  kind: 'setting',
  settings: Object.fromEntries(
    Object.entries(after.settings).filter(([name, value]) => before.settings[name] !== value),
  ),
});

/** The share of rows at which the planner's model changes over from a scan of the table to the index; null: never, or unknown. */
async function crossoverOf(app: Application, search: VectorSearch, forced: Candidate): Promise<number | null> {
  const { session, table } = app;
  const [leaf, ...others] = table.leaves;
  const index = table.indexes.find(({ name }) => forced.look.nodes.some((node) => node.index === name));
  const kind = index && kindOfIndex(index);
  const quoted = index && (await quotedIndexes(app)).get(index.name);
  if (!leaf || others.length > 0 || !index || !kind?.model?.scanCost || !quoted) return null;
  const { rows, heapPages, indexPages, settings } = await readPlannerFacts(session, leaf.quoted, quoted);
  const costs = plannerSettings(settings);
  const inForce = await readSettings(
    session,
    kind.knobs.map(({ guc }) => guc),
  );
  const base = { rows, heapPages, indexPages, costs };
  const scan = kind.model.scanCost({
    ...base,
    parameters: parametersOf(kind, { method: kind.name, representation: 'vector', parameters: buildParameters(index) }),
    settings: searchSettingsOf(kind, inForce),
  });
  const asked = rowsAsked(limitingSelect(search), app.values);
  if (asked === null || !Number.isFinite(asked)) return null;
  const k = Math.max(1, asked);
  const isIndex = (selectivity: number): boolean =>
    predictPlan(scan, { ...base, k, selectivity, filterOperators: 1, orderByOperators: orderByOperators('vector') })
      .plan === 'index';
  if (!isIndex(1)) return null;
  let [low, high] = [1 / Math.max(1, rows), 1];
  if (isIndex(low)) return low;
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (isIndex(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const buildParameters = ({ reloptions }: VectorIndex): Record<string, number> =>
  Object.fromEntries(
    Object.entries(reloptions).flatMap(([name, value]) => (/^\d+$/.test(value) ? [[name, Number(value)]] : [])),
  );

/** Indexes on the vectors by their names, quoted and with their schemas. */
export async function quotedIndexes({
  session,
  table,
}: Pick<Application, 'session' | 'table'>): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ name: string; quoted: string }>(
    `SELECT c.relname::text AS name, format('%I.%I', n.nspname, c.relname) AS quoted
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = ANY ($1::oid[])`,
    [table.leaves.map(({ oid }) => oid)],
  );
  return new Map(rows.map(({ name, quoted }) => [name, quoted]));
}
