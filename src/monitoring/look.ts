import type { DatabaseSnapshot } from '../audit/index.js';
import type { WatchedBuild } from '../capacity/index.js';
import type { Part } from '../findings.js';
import { kindOfIndex } from '../indexes/index.js';

/** The parts of a snapshot that are looked at again and again. */
type WatchedPart =
  | 'server'
  | 'tables'
  | 'indexes'
  | 'settings'
  | 'vectorSettings'
  | 'pgvector'
  | 'activity'
  | 'checkpoints'
  | 'databases'
  | 'sessions'
  | 'horizons'
  | 'slots'
  | 'standbys';

/** What a server showed at one look. */
export interface ServerLook extends Pick<DatabaseSnapshot, WatchedPart> {
  readonly statements: Part<readonly StatementCounters[], StatementsUnread>;
  readonly builds: readonly WatchedBuild[];
  /** Builds of other roles, of which only the number is shown. */
  readonly hiddenBuilds: number;
}

type StatementsUnread = Extract<DatabaseSnapshot['statements'], { readonly unread: string }>['unread'];

/** Counters of one `queryid`, whoever sent it. Times in milliseconds, blocks of 8 kB. */
export interface StatementCounters {
  readonly id: string;
  readonly calls: number;
  readonly rows: number;
  readonly executionMs: number;
  /** 0 where planning is not tracked. */
  readonly planningMs: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly temporaryBlocksWritten: number;
}

/** Indexes whose access method searches vectors, as far as pgvtune knows it. */
export const vectorIndexesOf = ({ indexes }: Pick<ServerLook, 'indexes'>): ServerLook['indexes'] =>
  indexes.filter(
    ({ method, methodExtension, partitioned }) =>
      !partitioned && kindOfIndex({ method, extension: methodExtension }) !== undefined,
  );
