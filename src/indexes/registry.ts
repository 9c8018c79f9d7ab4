import { PgvtuneError } from '../errors.js';
import { exact } from './exact.js';
import { hnsw } from './hnsw.js';
import { ivfflat } from './ivfflat.js';
import type { RecordedFinding } from '../results/index.js';
import type { IndexKind } from './kind.js';

/** Every access method that pgvtune knows. The first index is the one whose defaults all others are compared with. */
export const indexKinds: readonly IndexKind[] = [exact, hnsw, ivfflat];

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
