import type { BarrierReason, Lack, OmissionReason, ParentChange, StatementFailure } from '../../migrations/index.js';

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
  /** Numbered. */
  readonly steps: (facts: SquashSteps) => readonly string[];
  readonly proof: string;
  readonly notProved: string;
  readonly proved: (objects: number, server: string) => string;
  /** Most statements were left out. */
  readonly hardlyProved: (leftOut: number, statements: number, server: string) => string;
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
  /** Before the migrations that take longest to go down. */
  readonly slowestDown: (facts: { readonly revisions: number; readonly seconds: number }) => string;
  /** One sentence or more. */
  readonly wayBack: (facts: WayBackFacts) => readonly string[];
}

export interface SquashSteps {
  readonly head: string;
  /** Null for another tool than Alembic. */
  readonly alembic: {
    readonly files: number;
    /** Commands that replace them. */
    readonly commands: readonly string[];
    readonly parentChanges: readonly ParentChange[];
  } | null;
  /** The command that compares with production. */
  readonly drift: string;
}

/** How the migrations of a history went down and up again. */
export interface WayBackFacts {
  readonly revisions: number;
  /** All of which was run, both ways. */
  readonly ran: number;
  readonly failed: readonly FailedWay[];
  /** Revisions without a way down. */
  readonly without: readonly string[];
  /** Revisions of which a part exists only as code, or lacks what such a part would have made. */
  readonly unknown: readonly string[];
}

export interface FailedWay extends StatementFailure {
  readonly revision: string;
  readonly way: 'down' | 'up-again';
}
