import { PgvtuneError } from '../errors.js';
import { diskann } from './diskann.js';
import { exact } from './exact.js';
import { hnsw } from './hnsw.js';
import { ivfflat } from './ivfflat.js';
import { vchordg } from './vchordg.js';
import { vchordrq } from './vchordrq.js';
import type { RecordedFinding } from '../results/index.js';
import type { IndexKind } from './kind.js';

/** Every access method that pgvtune knows. The first index is the one whose defaults all others are compared with. */
export const indexKinds: readonly IndexKind[] = [exact, hnsw, ivfflat, diskann, vchordrq, vchordg];

/** @throws {PgvtuneError} `usage` when no kind has that name */
export function indexKind(method: string): IndexKind {
  const kind = indexKinds.find((k) => k.name === method);
  if (kind === undefined) {
    throw new PgvtuneError('usage', `Expected an index method, got "${method}".`, {
      hint: `Use one of ${indexKinds.map((k) => k.name).join(', ')}.`,
    });
  }
  return kind;
}

/** The kind of an index by its access method and the extension that this belongs to; undefined for one of others. */
export const kindOfIndex = (index: {
  readonly method: string;
  readonly extension: string | null;
}): IndexKind | undefined =>
  indexKinds.find(({ accessMethod, extension }) => accessMethod === index.method && extension === index.extension);

/** What the messages of a build mean, for any access method; messages that mean nothing special are passed over. */
export function buildFindings(notices: readonly string[]): readonly RecordedFinding[] {
  const rules = indexKinds.flatMap((kind) => kind.notices);
  return notices.flatMap((notice) =>
    rules.flatMap((rule) => {
      const match = rule.pattern.exec(notice);
      return match === null ? [] : [rule.finding(match)];
    }),
  );
}
