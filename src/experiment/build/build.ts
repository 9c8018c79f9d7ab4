import { canonicalJson } from '../../canonical-json.js';
import { buildFindings, defectsOf } from '../../indexes/index.js';
import { PgvtuneError } from '../../errors.js';
import type { Clock } from '../../measure/index.js';
import {
  applySettings,
  createIndex,
  type IndexFacts,
  readIndex,
  readMetapage,
  readSettings,
  type Session,
  type Settings,
  type Workspace,
} from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import {
  type BuildRecord,
  type BuildRequest,
  type BuiltIndex,
  builtIndexes,
  type Finding,
  keyOf,
} from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
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
    const reason = [error.message, error.hint].filter(Boolean).join(' ');
    return {
      ...record,
      status: 'failed',
      reason,
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
  const findings: Finding[] = [...buildFindings(notices)];
  for (const { name } of construction.indexes) {
    const index = await readIndex(session, workspace.schema, name);
    // Only vector indexes tell on their first page what they were built with.
    const isVector = request.columnIndex === undefined && request.text === undefined;
    const metapage = index && isVector ? await readMetapage(session, workspace.quote(name)) : null;
    findings.push(...checkIndex(index, metapage, request));
    if (index) parts.push({ ...index, reloptions: { ...index.reloptions }, metapage: metapage && { ...metapage } });
  }
  const broken = findings.find(({ severity }) => severity === 'error');
  const [first] = parts;
  return {
    ...record,
    status: broken ? 'failed' : 'ok',
    reason: broken?.text ?? null,
    index: first ? { ...first, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) } : null,
    ...(parts.length > 1 ? { parts } : {}),
    seconds: built,
    settings: { ...settings },
    notices: [...notices],
    findings,
  };
}

/** Makes the partitioned copy of the table, unless another build made it. */
async function makeCopy({ session, workspace, reporter }: BuildContext, { copy }: Construction): Promise<void> {
  if (copy === null || (await tableExists(session, workspace.quote(copy.name), 'complete'))) return;
  const task = reporter.start('Copying the table to partitions', 1, 'share');
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
  { label, indexes }: Construction,
): Promise<readonly string[]> {
  const task = reporter.start(`Building ${label}`, 1, 'share');
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
 * The catalog must say what was asked for, for a parameter can silently not apply; and so must the index itself, for the
 * catalog can be changed without it.
 */
function checkIndex(
  index: IndexFacts | null,
  metapage: Readonly<Record<string, number>> | null,
  { spec }: BuildRequest,
): readonly Finding[] {
  const error = (code: string, text: string): Finding => ({ code, severity: 'error', text });
  if (!index) return [error('index-missing', 'CREATE INDEX returned, but there is no such index.')];
  if (!index.valid) return [error('index-invalid', 'The index is not valid: the planner will never use it.')];
  return Object.entries(spec.parameters).flatMap(([name, value]) => {
    const option = index.reloptions[name];
    if (option !== String(value))
      return error('reloption-mismatch', `${name} was to be ${value} and reads back as ${option ?? 'the default'}.`);
    const built = metapage?.[name] ?? value;
    return built === value
      ? []
      : error('metapage-mismatch', `${name} is ${value} in the catalog, but the index was built with ${built}.`);
  });
}

/** Why an index of some builds is not the one that was built; null when nothing speaks against any. */
export async function whyIndexesDiffer(
  session: Session,
  workspace: Workspace,
  builds: readonly BuildRecord[],
): Promise<string | null> {
  for (const index of builds.flatMap(builtIndexes)) {
    const doubt = whyIndexDiffers(index, await readIndex(session, workspace.schema, index.name));
    if (doubt !== null) return doubt;
  }
  return null;
}

function whyIndexDiffers(built: BuiltIndex, now: IndexFacts | null): string | null {
  if (!now) return 'The index is gone.';
  if (!now.valid) return 'The index is no longer valid.';
  if (built.filenode !== undefined && built.filenode !== now.filenode) {
    return 'The index is not the one that was built: its file is another.';
  }
  const before = canonicalJson(built.reloptions);
  const after = canonicalJson(now.reloptions);
  return before === after ? null : `The options of the index are ${after} now; it was built with ${before}.`;
}
