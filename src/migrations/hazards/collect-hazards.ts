import { bySeverity, type Severity } from '../../findings.js';
import type { Operation, Revision } from '../history.js';
import { replayHistory } from '../replay/replay.js';
import { sightOf, startOf } from '../sight.js';
import { BYTES_PER_SECOND, type Hazard, type HazardData } from './hazard.js';
import { dangersOf, strongLock, withPlace } from './hazards-of.js';

/** Size of a live table. */
export interface DeployedTable {
  readonly rows: number;
  readonly bytes: number;
}

export interface HazardOptions {
  /** The revisions that are still to be deployed; the schema is replayed over all. */
  readonly isPending: (revision: Revision) => boolean;
  /** `lock_timeout` is set by the environment of the migrations. */
  readonly hasLockTimeout: boolean;
  /** Sizes of the tables of a database, by name. */
  readonly live?: ReadonlyMap<string, DeployedTable>;
}

/** The hazards of the revisions that are still to be deployed, most severe first. */
export function collectHazards(order: readonly Revision[], options: HazardOptions): readonly Hazard[] {
  const hazards: Hazard[] = [];
  const watches = new Map<string, RevisionWatch>();
  replayHistory(order, (operation, revision, schema) => {
    if (!options.isPending(revision)) return;
    const watch = watches.get(revision.id) ?? new RevisionWatch(revision, options.hasLockTimeout);
    watches.set(revision.id, watch);
    for (const effect of operation.effects) {
      const dangers = dangersOf(effect, operation, { schema, isNew: (name) => watch.isNew(name) });
      hazards.push(...dangers.map((danger) => withPlace(danger, sightOf(revision, operation), operation.sql)));
    }
    watch.note(operation);
  });
  for (const watch of watches.values()) hazards.push(...watch.hazards());
  return bySeverity(hazards.map((hazard) => withLiveSize(hazard, options.live)));
}

/** What only shows over all operations of a revision, which run in one transaction. */
class RevisionWatch {
  readonly #revision: Revision;
  readonly #created = new Set<string>();
  readonly #locked = new Map<string, Operation>();
  readonly #newValues = new Map<string, { readonly type: string; readonly operation: Operation }>();
  readonly #found: Hazard[] = [];
  #timeout: boolean;
  #unguarded: { readonly operation: Operation; readonly table: string } | null = null;

  constructor(revision: Revision, hasLockTimeout: boolean) {
    this.#revision = revision;
    this.#timeout = hasLockTimeout;
  }

  isNew(name: string): boolean {
    return this.#created.has(name);
  }

  note(operation: Operation): void {
    this.#useOfNewValues(operation);
    for (const effect of operation.effects) {
      if (effect.kind === 'setting' && effect.name === 'lock_timeout') this.#timeout = true;
      if (
        effect.kind === 'data' &&
        this.#locked.size > 0 &&
        operation.inTransaction &&
        effect.table !== null &&
        !this.isNew(effect.table)
      ) {
        this.#add('rows-with-locks', 'medium', operation, effect.table);
      }
      const table = strongLock(effect, (name) => this.isNew(name));
      if (table !== null && operation.inTransaction) {
        if (!this.#timeout) this.#unguarded ??= { operation, table };
        if (!this.#locked.has(table)) this.#locked.set(table, operation);
      }
      if (effect.kind === 'create-table') this.#created.add(effect.table);
      if (effect.kind === 'rename-table' && this.isNew(effect.table)) this.#created.add(effect.to);
      if (effect.kind === 'create-index') this.#created.add(effect.index.name);
      if (effect.kind === 'create-enum') this.#created.add(effect.type);
      if (effect.kind === 'add-enum-value' && operation.inTransaction && !this.isNew(effect.type)) {
        this.#newValues.set(effect.value, { type: effect.type, operation });
      }
    }
  }

  #useOfNewValues(operation: Operation): void {
    for (const [value, { type }] of this.#newValues) {
      if (!operation.inTransaction || !operation.sql?.includes(`'${value}'`)) continue;
      if (operation.effects.some(({ kind }) => kind === 'add-enum-value')) continue;
      this.#add('enum-value-in-transaction', 'high', operation, type);
      this.#newValues.delete(value);
    }
  }

  #add(
    code: Hazard['code'],
    severity: Severity,
    operation: Operation,
    table: string,
    lock: HazardData['lock'] = null,
  ): void {
    const at = sightOf(this.#revision, operation);
    this.#found.push({
      code,
      severity,
      data: { at, table, lock, work: 'none', sql: operation.sql, safe: [], live: null },
    });
  }

  hazards(): readonly Hazard[] {
    const [first, ...others] = [...this.#locked.keys()];
    if (others.length > 0 && first !== undefined) {
      const operation = [...this.#locked.values()][1]!;
      this.#add('several-strong-locks', 'low', operation, [first, ...others].join(', '), 'ACCESS EXCLUSIVE');
    }
    if (this.#unguarded) {
      this.#found.push({
        code: 'no-lock-timeout',
        severity: 'medium',
        data: {
          at: startOf(this.#revision),
          table: this.#unguarded.table,
          lock: 'ACCESS EXCLUSIVE',
          work: 'none',
          sql: this.#unguarded.operation.sql,
          safe: ["SET lock_timeout = '5s';"],
          live: null,
        },
      });
    }
    return this.#found;
  }
}

/** Tables of fewer rows are scanned or rewritten within a moment; those of more within minutes. */
const [FEW_ROWS, MANY_ROWS] = [10_000, 1_000_000];

/** With the size of the live table, work under a lock is judged by the rows that there are. */
function withLiveSize(hazard: Hazard, live: ReadonlyMap<string, DeployedTable> | undefined): Hazard {
  const table = live?.get(hazard.data.table);
  if (!table) return hazard;
  const { work } = hazard.data;
  const seconds = work === 'none' ? null : table.bytes / BYTES_PER_SECOND[work];
  const data = { ...hazard.data, live: { rows: table.rows, bytes: table.bytes, seconds } };
  if (work === 'none' || hazard.severity !== 'medium') return { ...hazard, data };
  return { ...hazard, data, severity: table.rows >= MANY_ROWS ? 'high' : table.rows < FEW_ROWS ? 'low' : 'medium' };
}
