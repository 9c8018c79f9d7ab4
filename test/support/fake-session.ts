import type { Parameter, Session, Statement } from '../../src/postgres/index.js';
import { PgvtuneError } from '../../src/errors.js';

/** What a fake server does; everything is optional. */
export interface FakeServer {
  /** Indexes that the server has. */
  readonly indexes: Set<string>;
  /** Which index the planner takes from those in sight; null for a scan of the table. */
  plan?(indexes: ReadonlySet<string>): string | null;
  /** Settings that a set_config does not change. */
  readonly stubborn?: Readonly<Record<string, string>>;
  /** Rows that a query returns. */
  rows?(values: readonly Parameter[]): readonly number[];
  /** Called at every execution; throws to make it fail. */
  onExecute?(statement: Statement): void;
}

/**
 * A session that keeps a log of what it was asked, with just enough of a server behind it: transactions that undo index
 * drops and settings, a planner, and EXPLAIN. For tests of the order of things; what SQL means is tested on PostgreSQL.
 */
export function fakeSession(server: FakeServer): Session & { readonly log: string[] } {
  const log: string[] = [];
  let visible = new Set(server.indexes);
  let settings: Record<string, string> = {};
  const planned = (): string | null => (server.plan ? server.plan(visible) : ([...visible][0] ?? null));

  const explain = (): unknown => {
    const index = planned();
    const scan = {
      'Node Type': index ? 'Index Scan' : 'Seq Scan',
      'Relation Name': 'items',
      ...(index ? { 'Index Name': index } : {}),
    };
    return [{ Plan: { 'Node Type': 'Limit', 'Shared Hit Blocks': 10, 'Shared Read Blocks': 0, Plans: [scan] } }];
  };

  async function query<Row>(text: string, values: readonly Parameter[] = []): Promise<Row[]> {
    log.push(text.split(' ').slice(0, 2).join(' '));
    if (text.startsWith('DROP INDEX')) {
      for (const [, name] of text.matchAll(/"([a-z0-9_]+)"(?=,|$)/g)) visible.delete(name!);
      return [];
    }
    if (text === 'DISCARD PLANS') return [];
    if (text.startsWith('SELECT set_config')) {
      for (let i = 0; i < values.length; i += 2) settings[String(values[i])] = String(values[i + 1]);
      Object.assign(settings, server.stubborn);
      return [];
    }
    if (text.startsWith('SELECT name, current_setting')) {
      return (values[0] as string[]).flatMap((name) =>
        name in settings ? [{ name, value: settings[name] } as Row] : [],
      );
    }
    if (text.startsWith('EXPLAIN')) return [{ 'QUERY PLAN': explain() } as Row];
    throw new PgvtuneError('server', `The fake server does not know: ${text}`, { sqlstate: '0A000' });
  }

  return {
    log,
    backendPid: 1,
    query,
    describe: async () => [],
    async execute(statement, values) {
      log.push('execute');
      server.onExecute?.(statement);
      return (server.rows?.(values) ?? [1, 2, 3]).map((row) => [String(row)]);
    },
    async transaction(work) {
      return work();
    },
    async rolledBack(work) {
      log.push('BEGIN');
      const before = { visible: new Set(server.indexes), settings: { ...settings } };
      visible = new Set(server.indexes);
      try {
        return await work();
      } finally {
        visible = before.visible;
        settings = before.settings;
        log.push('ROLLBACK');
      }
    },
    takeNotices: () => [],
    copyIn: async () => undefined,
    close: async () => undefined,
  };
}
