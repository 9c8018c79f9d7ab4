import type { BusyBackends, PoolAdvice, ProcessPool, ServerCapacity } from '../../capacity/index.js';

/** A setting of a session that the next one in the pool may get. */
export interface LeakingSet {
  readonly name: string;
  readonly calls: number;
}

/** The sentences of a report on a pool, a line each. Settings to paste are the same in every language. */
export interface PoolTexts {
  readonly backends: (advice: PoolAdvice, growth: number) => string;
  readonly pools: (
    pools: readonly (readonly ['web' | 'worker', ProcessPool])[],
    advice: PoolAdvice,
    server: ServerCapacity,
  ) => string;
  /** The load wants more backends than the cores can serve. */
  readonly beyondCores: (advice: {
    readonly needed: number;
    readonly useful: number;
    readonly cores: number;
  }) => string;
  readonly needsPooler: (poolConnections: number) => string;
  /** What was seen; each line but the first is indented. */
  readonly seen: (busy: BusyBackends) => readonly string[];
  readonly pooled: string;
  readonly onlyOwnSessions: string;
  /** Above the settings of what keeps a pool. */
  readonly settings: Readonly<Record<'nodePostgres' | 'sqlAlchemy' | 'workers' | 'pgBouncer' | 'postgres', string>>;
  readonly leaking: (sets: readonly LeakingSet[], pooled: boolean) => string;
  readonly leaksNotChecked: string;
}
