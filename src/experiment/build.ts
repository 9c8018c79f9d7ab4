import { canonicalJson } from '../canonical-json.js';
import { buildFindings, createIndexSql, defectsOf, describeSpec } from '../indexes/index.js';
import { PgvtuneError } from '../errors.js';
import type { Clock } from '../measure/index.js';
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
} from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import type { BuildRecord, BuildRequest, Finding } from '../results/index.js';
import type { Metric } from '../vocabulary.js';
import { buildKey, indexName } from './keys.js';
import { dropIndex } from './load.js';

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
  const key = buildKey(request);
  const record = { type: 'build' as const, key, request, attempt, startedAt: context.now().toISOString() };
  const name = indexName(key);
  const sql = createIndexSql({
    name: `"${name}"`,
    table: workspace.quote(table),
    column: 'embedding',
    dimensions: context.dimensions,
    spec: request.spec,
    metric: context.metric,
  });
  if (sql === null) {
    return { ...record, status: 'ok', reason: null, index: null, seconds: 0, settings: {}, notices: [], findings: [] };
  }

  await dropIndex(session, workspace, name);
  const start = clock.now();
  const seconds = (): number => (clock.now() - start) / 1000;
  let settings: Settings = {};
  let notices: readonly string[] = [];
  try {
    await session.transaction(async () => {
      await applySettings(session, buildSettings(context));
      settings = await readSettings(session, BUILD_SETTINGS);
      notices = await build(context, sql, describeSpec(request.spec));
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
  const index = await readIndex(session, workspace.schema, name);
  const metapage = index && (await readMetapage(session, workspace.quote(name)));
  const findings = [...buildFindings(notices), ...checkIndex(index, metapage, request)];
  const broken = findings.find(({ severity }) => severity === 'error');
  return {
    ...record,
    status: broken ? 'failed' : 'ok',
    reason: broken?.text ?? null,
    index: index ? { ...index, reloptions: { ...index.reloptions }, metapage: metapage && { ...metapage } } : null,
    seconds: built,
    settings: { ...settings },
    notices: [...notices],
    findings,
  };
}

async function build(
  { session, watcher, reporter }: BuildContext,
  sql: string,
  label: string,
): Promise<readonly string[]> {
  const task = reporter.start(`Building ${label}`, 1, 'share');
  try {
    return await createIndex(session, watcher, sql, ({ share }) => task.update(share));
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

/**
 * Why the index that stands on the table now is not the one that was built; null when nothing speaks against it.
 *
 * @param now as the catalog describes the index of that name; null when there is none
 */
export function doubtIndex({ index }: BuildRecord, now: IndexFacts | null): string | null {
  if (!now) return 'The index is gone.';
  if (!now.valid) return 'The index is no longer valid.';
  if (index?.filenode !== undefined && index.filenode !== now.filenode) {
    return 'The index is not the one that was built: its file is another.';
  }
  const before = canonicalJson(index?.reloptions ?? {});
  const after = canonicalJson(now.reloptions);
  return before === after ? null : `The options of the index are ${after} now; it was built with ${before}.`;
}
