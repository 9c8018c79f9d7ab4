import { setTimeout as wait } from 'node:timers/promises';
import { type Clock } from '../../measure/index.js';
import { applySettings, type Session, type Settings, type Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import { plainQuery } from '../../workloads/index.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';
import { encodeArgument } from '../points/arm.js';
import type { Changes } from './changes.js';
import { applyChanges, CHURN_TABLE } from './table.js';

export interface WriteOptions {
  readonly workspace: Workspace;
  /** Null: as fast as the connection writes. */
  readonly changesPerSecond: number | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onChanges: (count: number) => void;
}

const sizeOf = ({ insert, update, delete: gone }: Changes): number => insert.length + update.length + gone.length;

/** Makes the changes of a round, transaction by transaction, each when it is due. Seconds of the whole. */
export async function writeRound(
  session: Session,
  batches: readonly Changes[],
  { workspace, changesPerSecond, clock, signal, onChanges }: WriteOptions,
): Promise<number> {
  const start = clock.now();
  let done = 0;
  for (const batch of batches) {
    const dueMs = changesPerSecond === null ? 0 : start + (done / changesPerSecond) * 1000 - clock.now();
    if (dueMs > 0) await wait(dueMs, undefined, { signal });
    await applyChanges(session, workspace, batch);
    done += sizeOf(batch);
    onChanges(sizeOf(batch));
  }
  return (clock.now() - start) / 1000;
}

export interface SearchOptions {
  readonly workspace: Workspace;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly k: number;
  readonly settings: Settings;
  readonly queries: QuerySet;
  readonly clock: Clock;
}

/** Searches one after the other until told to stop. Milliseconds of each, in the order asked. */
export async function searchUntil(
  session: Session,
  isOver: () => boolean,
  { workspace, spec, metric, k, settings, queries, clock }: SearchOptions,
): Promise<readonly number[]> {
  const query = plainQuery({ table: workspace.quote(CHURN_TABLE), spec, metric, k, queries });
  const ms: number[] = [];
  await session.rolledBack(async () => {
    await applySettings(session, settings);
    for (let i = 0; !isOver(); i++) {
      const values = query.arguments(i % queries.size).map(encodeArgument);
      const start = clock.now();
      await session.execute({ name: 'search_beside_writes', text: query.text }, values);
      ms.push(clock.now() - start);
    }
  });
  return ms;
}
