import type { BarrierReason, Lack, OmissionReason } from '../../migrations/index.js';

/** What is said of a squash; a language has one. */
export interface SquashTexts {
  readonly plan: string;
  readonly effect: (files: { before: number; after: number }, statements: { before: number; after: number }) => string;
  readonly nothing: string;
  readonly group: string;
  readonly revisions: string;
  readonly statements: string;
  readonly becomes: string;
  readonly stays: string;
  readonly keptNewer: (count: number) => string;
  readonly argument: string;
  readonly forIt: (removed: number, seconds: { before: number; after: number } | null) => string;
  readonly againstIt: string;
  readonly barriers: string;
  readonly barriersIntro: string;
  readonly barrier: Readonly<Record<BarrierReason, string>>;
  readonly omissions: string;
  readonly omission: Readonly<Record<OmissionReason, (count: number) => string>>;
  readonly procedure: string;
  /** Numbered; `alembic` where the tool is. */
  readonly steps: (facts: {
    readonly isAlembic: boolean;
    readonly ids: readonly string[];
    readonly head: string;
  }) => readonly string[];
  readonly proof: string;
  readonly notProved: string;
  readonly proved: (objects: number, server: string) => string;
  readonly partly: (count: number) => string;
  readonly leftOut: (count: number, places: string) => string;
  /** What is missing, and what to give. */
  readonly lack: (lack: Lack) => string;
  readonly failed: (what: 'history' | 'squashed', place: string, sqlstate: string | null) => string;
  readonly differ: (count: number, server: string) => string;
  readonly object: string;
  readonly byHistory: string;
  readonly bySquash: string;
  readonly times: string;
  readonly timesText: (facts: {
    readonly revisions: number;
    readonly seconds: number;
    readonly server: string;
  }) => string;
  readonly slowest: string;
  readonly share: string;
  readonly upDownUp: (facts: {
    readonly down: 'ran' | 'failed' | 'missing';
    readonly again: 'ran' | 'failed' | 'not-run';
    readonly place: string;
  }) => string;
}
