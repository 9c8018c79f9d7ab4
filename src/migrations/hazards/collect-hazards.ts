import { bySeverity, type Severity } from '../../findings.js';
import type { BuildSeconds } from '../../indexes/index.js';
import type { Deployment } from '../deployment.js';
import type { Effect } from '../effects.js';
import type { Operation, Revision } from '../history.js';
import { replayHistory } from '../replay/replay.js';
import type { Schema } from '../replay/schema.js';
import { sightOf, startOf } from '../sight.js';
import { type Hazard, type Work } from './hazard.js';
import { type Danger, dangersOf, strongLock, withPlace } from './hazards-of.js';
import { sum, tableToLock, workSeconds } from './lock-times.js';

export interface HazardOptions {
  /** The revisions that are still to be deployed; the schema is replayed over all. */
  readonly isPending: (revision: Revision) => boolean;
  /** `lock_timeout` is set by the environment of the migrations. */
  readonly hasLockTimeout: boolean;
  readonly deployment: Deployment;
}

/** The hazards of the revisions that are still to be deployed, most severe first. */
export function collectHazards(order: readonly Revision[], options: HazardOptions): readonly Hazard[] {
  const watches = new Map<string, RevisionWatch>();
  replayHistory(order, (operation, revision, schema) => {
    if (!options.isPending(revision)) return;
    const watch = watches.get(revision.id) ?? new RevisionWatch(revision, options);
    watches.set(revision.id, watch);
    watch.note(operation, schema);
  });
  return bySeverity([...watches.values()].flatMap((watch) => watch.hazards()));
}

/** A hazard, and what decides how long its lock is held. */
interface Noted {
  readonly hazard: Hazard;
  readonly inTransaction: boolean;
}

/** All operations of a revision, which run in one transaction: some hazards only show over all of them. */
class RevisionWatch {
  readonly #revision: Revision;
  readonly #deployment: Deployment;
  readonly #created = new Set<string>();
  readonly #locked = new Map<string, Operation>();
  readonly #newValues = new Map<string, { readonly type: string; readonly operation: Operation }>();
  readonly #settings = new Map<string, string | null>();
  readonly #noted: Noted[] = [];
  #timeout: boolean;
  #unguarded: { readonly operation: Operation; readonly table: string } | null = null;

  constructor(revision: Revision, { hasLockTimeout, deployment }: HazardOptions) {
    this.#revision = revision;
    this.#timeout = hasLockTimeout;
    this.#deployment = deployment;
  }

  #isNew(name: string): boolean {
    return this.#created.has(name);
  }

  note(operation: Operation, schema: Schema): void {
    this.#useOfNewValues(operation);
    const isNew = (name: string): boolean => this.#isNew(name);
    for (const effect of operation.effects) {
      for (const danger of dangersOf(effect, operation, { schema, isNew }))
        this.#add(danger, effect, operation, schema);
    }
    for (const effect of operation.effects) this.#noteEffect(effect, operation, schema);
  }

  #noteEffect(effect: Effect, operation: Operation, schema: Schema): void {
    if (effect.kind === 'setting') this.#settings.set(effect.name, effect.value);
    if (effect.kind === 'setting' && effect.name === 'lock_timeout') this.#timeout = true;
    if (
      effect.kind === 'data' &&
      this.#locked.size > 0 &&
      operation.inTransaction &&
      effect.table !== null &&
      !this.#isNew(effect.table)
    ) {
      // At most: it changes every row, and each of its index entries.
      const work = effect.verb === 'update' ? 'rewrite' : effect.verb === 'delete' ? 'scan' : 'none';
      this.#add(danger('rows-with-locks', 'medium', effect.table, work), effect, operation, schema);
    }
    const table = strongLock(effect, (name) => this.#isNew(name));
    if (table !== null && operation.inTransaction) {
      if (!this.#timeout) this.#unguarded ??= { operation, table };
      if (!this.#locked.has(table)) this.#locked.set(table, operation);
    }
    if (effect.kind === 'create-table') this.#created.add(effect.table);
    if (effect.kind === 'rename-table' && this.#isNew(effect.table)) this.#created.add(effect.to);
    if (effect.kind === 'create-index') this.#created.add(effect.index.name);
    if (effect.kind === 'create-enum') this.#created.add(effect.type);
    if (effect.kind === 'add-enum-value' && operation.inTransaction && !this.#isNew(effect.type)) {
      this.#newValues.set(effect.value, { type: effect.type, operation });
    }
  }

  #useOfNewValues(operation: Operation): void {
    for (const [value, { type }] of this.#newValues) {
      if (!operation.inTransaction || !operation.sql?.includes(`'${value}'`)) continue;
      if (operation.effects.some(({ kind }) => kind === 'add-enum-value')) continue;
      this.#push(danger('enum-value-in-transaction', 'high', type), operation);
      this.#newValues.delete(value);
    }
  }

  /** With the size of its table and the time of its work. */
  #add(found: Danger, effect: Effect, operation: Operation, schema: Schema): void {
    const situation = { schema, deployment: this.#deployment, own: this.#settings };
    const table = tableToLock(found.table, situation);
    const named = table && { name: found.table, bytes: table.bytes };
    const seconds = named && workSeconds(found.work, effect, named, situation);
    this.#push(judged(found, seconds), operation, table && { ...table, seconds, heldSeconds: null });
  }

  #push(found: Danger, operation: Operation, size: Hazard['data']['size'] = null): void {
    const hazard = withPlace(found, sightOf(this.#revision, operation), operation.sql);
    const { inTransaction } = operation;
    this.#noted.push({ hazard: { ...hazard, data: { ...hazard.data, size } }, inTransaction });
  }

  hazards(): readonly Hazard[] {
    const found = withHeldSeconds(this.#noted);
    const [first, ...others] = [...this.#locked.keys()];
    if (others.length > 0 && first !== undefined) {
      const operation = [...this.#locked.values()][1]!;
      const locks = { ...danger('several-strong-locks', 'low', [first, ...others].join(', ')), lock: AE };
      found.push(withPlace(locks, sightOf(this.#revision, operation), operation.sql));
    }
    if (this.#unguarded) {
      const { operation, table } = this.#unguarded;
      const locks = { ...danger('no-lock-timeout', 'medium', table), lock: AE, safe: ["SET lock_timeout = '5s';"] };
      found.push(withPlace(locks, startOf(this.#revision), operation.sql));
    }
    return found;
  }
}

const AE = 'ACCESS EXCLUSIVE' as const;

const danger = (code: Danger['code'], severity: Severity, table: string, work: Work = 'none'): Danger => ({
  code,
  severity,
  table,
  lock: null,
  work,
  safe: [],
});

/** A lock lasts until its transaction ends: as long as all work that follows in it. */
function withHeldSeconds(noted: readonly Noted[]): Hazard[] {
  let held: BuildSeconds | null = null;
  const fromTheEnd = noted.toReversed().map(({ hazard, inTransaction }) => {
    const { size, lock } = hazard.data;
    if (!inTransaction) return hazard;
    const after = held;
    if (size?.seconds) held = held ? sum(held, size.seconds) : size.seconds;
    return size && lock !== null && after !== null
      ? { ...hazard, data: { ...hazard.data, size: { ...size, heldSeconds: held } } }
      : hazard;
  });
  return fromTheEnd.toReversed();
}

/** Whoever waits for a second hardly notices; for a minute, programs give up. */
const [SHORT_SECONDS, LONG_SECONDS] = [1, 60];

/** Work under a lock is judged by how long it takes. */
function judged(found: Danger, seconds: BuildSeconds | null): Danger {
  if (seconds === null || found.severity !== 'medium') return found;
  return {
    ...found,
    severity: seconds.value >= LONG_SECONDS ? 'high' : seconds.value < SHORT_SECONDS ? 'low' : 'medium',
  };
}
