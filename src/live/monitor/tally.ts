import { isUnread } from '../../findings.js';
import {
  createBoundedCounters,
  DATABASE_COUNTERS,
  INDEX_COUNTERS,
  type SeenServer,
  type ServerLook,
  STATEMENT_COUNTERS,
  type StatementCounters,
  TABLE_COUNTERS,
  vectorIndexesOf,
} from '../../monitoring/index.js';

/** Tables, and indexes on vectors, that are told apart. */
const MOST_RELATIONS = 100;
/** Statements whose texts are looked at for those that get series of their own. */
const MOST_CANDIDATES = 500;
/** That are kept of a statement: more than is shown of it, since passwords are masked before it is cut. */
const TEXT_CHARACTERS = 1000;

/** What is kept from one look to the next: sums of a bounded number of counters. */
export interface Tally {
  /** @param readTexts texts of statements by their numbers, without those of pgvtune itself */
  readonly add: (
    look: ServerLook,
    readTexts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
  ) => Promise<void>;
  readonly totals: () => Omit<SeenServer, 'look' | 'lookMs'>;
}

/** @param statements how many are told apart: those that took most time, for as long as the program runs */
export function createTally(statements: number): Tally {
  const ofDatabase = createBoundedCounters(DATABASE_COUNTERS, { most: 1, forGood: true });
  const ofTables = createBoundedCounters(TABLE_COUNTERS, { most: MOST_RELATIONS, forGood: false });
  const ofIndexes = createBoundedCounters(INDEX_COUNTERS, { most: MOST_RELATIONS, forGood: false });
  const ofStatements = createBoundedCounters(STATEMENT_COUNTERS, { most: statements, forGood: true });
  const texts = new Map<string, string>();
  let startedAt: string | null = null;

  return {
    async add(look, readTexts) {
      const isAnother = startedAt !== null && startedAt !== look.server.startedAt;
      startedAt = look.server.startedAt;
      const counted = isUnread(look.statements) ? [] : look.statements;
      const asked = ofStatements.free() > 0 ? counted.slice(0, MOST_CANDIDATES).map(({ id }) => id) : [];
      const known = asked.some((id) => !texts.has(id)) ? await readTexts(asked) : texts;
      const unnamed = new Set(counted.flatMap(({ id }) => (known.has(id) ? [] : [id])));
      ofStatements.look(counted.map(rowOfStatement), { isAnother, unnamed });
      for (const id of ofStatements.totals().named.keys()) {
        const text = known.get(id);
        if (text !== undefined && !texts.has(id)) texts.set(id, beginningOf(text));
      }
      ofDatabase.look([{ key: look.server.database, values: databaseCounters(look) }], { isAnother });
      ofTables.look(
        look.tables
          .filter(({ kind }) => kind !== 'partitioned')
          .toSorted((a, b) => b.heapBytes + b.toastBytes - a.heapBytes - a.toastBytes)
          .map(({ oid, activity }) => ({ key: String(oid), values: activity })),
        { isAnother },
      );
      ofIndexes.look(
        vectorIndexesOf(look)
          .toSorted((a, b) => b.bytes - a.bytes)
          .map(({ oid, scans, entriesRead }) => ({ key: String(oid), values: { scans, entriesRead } })),
        { isAnother },
      );
    },
    totals: () => ({
      database: ofDatabase.totals(),
      tables: ofTables.totals(),
      indexes: ofIndexes.totals(),
      statements: ofStatements.totals(),
      texts,
    }),
  };
}

const rowOfStatement = ({ id, ...values }: StatementCounters) => ({ key: id, values });

const databaseCounters = ({ activity, checkpoints }: ServerLook) => ({
  ...activity,
  activeMs: activity.activeMs ?? 0,
  idleInTransactionMs: activity.idleInTransactionMs ?? 0,
  timedCheckpoints: checkpoints.timed,
  requestedCheckpoints: checkpoints.requested,
});

const beginningOf = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, TEXT_CHARACTERS);
