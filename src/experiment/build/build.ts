import { canonicalJson } from '../../canonical-json.js';
import { buildFindings, defectsOf, indexKind, optionsOf } from '../../indexes/index.js';
import { PgvtuneError } from '../../errors.js';
import { type Clock, refusalOf } from '../../measure/index.js';
import {
  applySettings,
  createIndex,
  type IndexFacts,
  readIndex,
  readPartitionIndexes,
  readMetapage,
  readSettings,
  type Session,
  type Settings,
  type Workspace,
} from '../../postgres/index.js';
import type { Reporter, WhyBuiltAgain } from '../../progress.js';
import {
  type BuildRecord,
  type BuildRequest,
  type BuiltIndex,
  builtIndexes,
  keyOf,
  type PartitionIndex,
  type Reason,
} from '../../results/index.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';
import { type Construction, constructionOf } from './construction.js';
import { dropIndex, tableExists } from '../table/load.js';

export interface BuildContext {
  readonly session: Session;
  /** A second session to watch the progress through; null where the server has only one. */
  readonly watcher: Session | null;
  readonly workspace: Workspace;
  readonly dimensions: number;
  readonly metric: Metric;
  /** Version of the extension. */
  readonly pgvector: string;
  /** Bound on maintenance_work_mem, bytes; undefined leaves the server's own value. */
  readonly buildMemoryBytes: number | undefined;
  readonly clock: Clock;
  readonly reporter: Reporter;
  now(): Date;
}

/** Settings that decide how a build goes; read back into its record. */
const BUILD_SETTINGS = ['maintenance_work_mem', 'max_parallel_maintenance_workers'] as const;

/**
 * Builds the index that is asked for, alone in its transaction, and reads back what came of it. A build that the server
 * refuses (not enough memory for k-means, too many dimensions) is a result, not an error of the run.
 *
 * @param table name (unquoted) of the table to build on
 * @throws {PgvtuneError} when the connection broke or the run was interrupted
 */
export async function buildIndex(
  context: BuildContext,
  request: BuildRequest,
  { table, attempt }: { readonly table: string; readonly attempt: number },
): Promise<BuildRecord> {
  const { session, workspace, clock } = context;
  const key = keyOf('build', request);
  const record = { type: 'build' as const, key, request, attempt, startedAt: context.now().toISOString() };
  const construction = constructionOf(request, { ...context, table });
  if (construction.indexes.length === 0) {
    return { ...record, status: 'ok', reason: null, index: null, seconds: 0, settings: {}, notices: [], findings: [] };
  }

  for (const { name } of construction.indexes) await dropIndex(session, workspace, name);
  await makeCopy(context, construction);
  const start = clock.now();
  const seconds = (): number => (clock.now() - start) / 1000;
  let settings: Settings = {};
  let notices: readonly string[] = [];
  try {
    await session.transaction(async () => {
      await applySettings(session, buildSettings(context));
      settings = await readSettings(session, BUILD_SETTINGS);
      notices = await build(context, construction);
    });
  } catch (error) {
    if (!(error instanceof PgvtuneError) || error.sqlstate === undefined) throw error;
    return {
      ...record,
      status: 'failed',
      reason: refusalOf(error),
      index: null,
      seconds: seconds(),
      settings,
      notices: [],
      findings: [],
    };
  }
  const built = seconds();
  for (const statement of construction.prepare) await session.query(statement, [], { deadlineMs: Infinity });
  const parts: BuiltIndex[] = [];
  const partitions: PartitionIndex[] = [];
  let difference: Reason | null = null;
  /** What came of an index that holds rows. */
  const inspect = async <Facts extends IndexFacts>(index: Facts) => {
    // Only indexes of pgvector tell on their first page what they were built with.
    const isVector = request.columnIndex === undefined && request.text === undefined && isOfPgvector(request.spec);
    const metapage = isVector ? await readMetapage(session, workspace.quote(index.name)) : null;
    difference ??= differenceOf(index, metapage, request);
    return { ...index, reloptions: { ...index.reloptions }, metapage: metapage && { ...metapage } };
  };
  for (const { name } of construction.indexes) {
    const index = await readIndex(session, workspace.schema, name);
    const divided = await readPartitionIndexes(session, workspace.schema, name);
    for (const part of divided) partitions.push(await inspect(part));
    if (!index) difference ??= { code: 'index-missing', data: {} };
    else if (divided.length === 0) parts.push(await inspect(index));
    else {
      difference ??= differenceOf(index, null, request);
      parts.push({ ...index, reloptions: { ...index.reloptions }, metapage: null });
    }
  }
  const [first] = parts;
  const stored = partitions.length > 0 ? partitions : parts;
  return {
    ...record,
    status: difference ? 'failed' : 'ok',
    reason: difference,
    index: first ? { ...first, bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0) } : null,
    ...(parts.length > 1 ? { parts } : {}),
    ...(partitions.length > 0 ? { partitions } : {}),
    seconds: built,
    settings: { ...settings },
    notices: [...notices],
    findings: [...buildFindings(notices)],
  };
}

/** Makes the partitioned copy of the table, unless another build made it. */
async function makeCopy({ session, workspace, reporter }: BuildContext, { copy }: Construction): Promise<void> {
  if (copy === null || (await tableExists(session, workspace.quote(copy.name), 'complete'))) return;
  const task = reporter.start({ code: 'copy-to-partitions', data: {} }, 1, 'share');
  try {
    await session.query(copy.drop);
    for (const statement of copy.create) await session.query(statement, [], { deadlineMs: Infinity });
    // Written last: a copy without it was not finished.
    await session.query(`COMMENT ON TABLE ${workspace.quote(copy.name)} IS 'complete'`);
  } finally {
    task.finish();
  }
}

async function build(
  { session, watcher, reporter }: BuildContext,
  { stage, indexes }: Construction,
): Promise<readonly string[]> {
  const task = reporter.start(stage, 1, 'share');
  const notices: string[] = [];
  try {
    for (const [i, { create }] of indexes.entries()) {
      notices.push(
        ...(await createIndex(session, watcher, create, ({ share }) => task.update((i + share) / indexes.length))),
      );
    }
    return notices;
  } finally {
    task.finish();
  }
}

/** Parallel builds are off where pgvector can overflow a buffer in them; memory is bounded when the user bounds it. */
function buildSettings({ pgvector, buildMemoryBytes }: BuildContext): Settings {
  const unsafe = defectsOf(pgvector).some(({ code }) => code === 'parallel-build-overflow');
  return {
    ...(unsafe ? { max_parallel_maintenance_workers: '0' } : {}),
    ...(buildMemoryBytes === undefined ? {} : { maintenance_work_mem: `${Math.floor(buildMemoryBytes / 1024)}kB` }),
  };
}

/**
 * How an index differs from the one that was asked for; null when it does not. The catalog must say what was asked for,
 * because a parameter can silently not apply; and so must the index itself, because the catalog can be changed without it.
 */
function differenceOf(
  index: IndexFacts,
  metapage: Readonly<Record<string, number>> | null,
  { spec }: BuildRequest,
): Reason | null {
  if (!index.valid) return { code: 'index-invalid', data: {} };
  const kind = indexKind(spec.method);
  const stored = kind.storage.read(index.reloptions);
  for (const [name, wanted] of Object.entries(optionsOf(kind, spec.parameters))) {
    const got = stored[name] ?? null;
    if (got !== String(wanted)) return { code: 'parameter-not-applied', data: { name, wanted, got } };
    const built = metapage?.[name];
    if (built !== undefined && built !== wanted) {
      return { code: 'parameter-not-built', data: { name, catalog: Number(wanted), built } };
    }
  }
  return null;
}

const isOfPgvector = ({ method }: IndexSpec): boolean => indexKind(method).extension === 'vector';

/** How an index of some builds differs from the one that was built; null when none does. */
export async function whyIndexesDiffer(
  session: Session,
  workspace: Workspace,
  builds: readonly BuildRecord[],
): Promise<Lost | null> {
  for (const index of builds.flatMap((build) => [...builtIndexes(build), ...(build.partitions ?? [])])) {
    const difference = whyIndexDiffers(index, await readIndex(session, workspace.schema, index.name));
    if (difference !== null) return difference;
  }
  return null;
}

type Lost = Extract<Reason, { readonly code: WhyBuiltAgain }>;

function whyIndexDiffers(built: BuiltIndex, now: IndexFacts | null): Lost | null {
  if (!now) return { code: 'index-missing', data: {} };
  if (!now.valid) return { code: 'index-invalid', data: {} };
  if (built.filenode !== undefined && built.filenode !== now.filenode) return { code: 'index-replaced', data: {} };
  const isSame = canonicalJson(built.reloptions) === canonicalJson(now.reloptions);
  return isSame
    ? null
    : { code: 'index-options-changed', data: { built: { ...built.reloptions }, now: { ...now.reloptions } } };
}
