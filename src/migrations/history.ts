import type { Effect } from './effects.js';
import type { UnreadMigrations } from './layouts/other-tools.js';

/** Where something is written. */
export interface Place {
  /** Relative to the folder of the history, with forward slashes. */
  readonly file: string;
  /** 1 is the first line. */
  readonly line: number;
}

/** Why a part of a migration was not understood. */
export type ProblemCode =
  /** The grammar of PostgreSQL 18 does not know the statement: a mistake, or the syntax of a newer server. */
  | 'not-parsed'
  /** The text of the SQL is computed while the migration runs. */
  | 'computed-sql'
  /** An operation, or an argument of one, that the reader does not know or whose value is computed. */
  | 'unknown-operation'
  /** A type of a column that is defined elsewhere. */
  | 'unknown-type'
  /** A migration among those of SQL that is written in another language. */
  | 'other-language';

/** The control flow that decides whether an operation runs; its outcome is not known without running it. */
export interface Condition {
  readonly kind: 'if' | 'else' | 'loop' | 'try' | 'after-return' | 'check-first';
  readonly line: number;
}

/** One statement of SQL, or one call of a migration that could not be put into SQL. */
export interface Operation {
  readonly place: Place;
  /** `sql`, or the call that stands in the file, such as `op.add_column`. */
  readonly origin: string;
  /** One statement without its semicolon; null where it is not known without running the migration. */
  readonly sql: string | null;
  /** What it does, in order; empty where that is not known. */
  readonly effects: readonly Effect[];
  /** Whether it runs inside a transaction. */
  readonly inTransaction: boolean;
  readonly condition: Condition | null;
  /** Null when the operation was understood. */
  readonly problem: { readonly code: ProblemCode; readonly detail: string } | null;
  /** Types that were taken for others because their definition lies elsewhere: name → assumed type. */
  readonly assumedTypes: Readonly<Record<string, string>>;
}

/** The operations of one direction of a revision. */
export interface Script {
  readonly place: Place;
  readonly operations: readonly Operation[];
}

/** What is wrong with a file as a whole. */
export type FileProblemCode =
  | 'merge-markers'
  | 'half-written'
  | 'not-utf8'
  | 'nul-bytes'
  | 'no-revision'
  | 'no-upgrade'
  | 'unreadable';

export interface FileProblem {
  readonly code: FileProblemCode;
  readonly place: Place;
}

/** One migration. */
export interface Revision {
  /** Unique in a sound history. */
  readonly id: string;
  /** The revisions that it follows; several for a merge, none for a first one. */
  readonly parents: readonly string[];
  /** Revisions of other branches that must have run before. */
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly title: string | null;
  /** ISO date, from the file or its name. */
  readonly createdOn: string | null;
  readonly file: string;
  /** Lines of all its files. */
  readonly lines: number;
  readonly up: Script;
  /** Null where there is no way back. */
  readonly down: Script | null;
}

/** The layouts that are recognised, each by the names of its files. */
export const FORMATS = [
  'alembic',
  'golang-migrate',
  'flyway',
  'dbmate',
  'goose',
  'sqlx',
  'diesel',
  'supabase',
  'prisma',
  'drizzle',
  'rails',
  'sql',
] as const;
export type Format = (typeof FORMATS)[number];

/** A folder that holds no history of a layout that is recognised, or of the one that was named. */
export interface NoHistory {
  readonly format: null;
  /** What it holds instead. */
  readonly otherTools: readonly UnreadMigrations[];
}

/** Everything that was read. */
export interface History {
  readonly format: Format;
  /** In the order of the files' names; {@link orderRevisions} has the order in which they run. */
  readonly revisions: readonly Revision[];
  readonly problems: readonly FileProblem[];
  /** Migrations of other tools, which are no part of it. */
  readonly otherTools: readonly UnreadMigrations[];
  /** `lock_timeout` that the environment of the migrations sets (Alembic's env.py), as it is written there. */
  readonly lockTimeout: string | null;
}
