import { PgvtuneError } from '../errors.js';
import type { Revision } from './history.js';

/** How the revisions follow each other. */
export interface RevisionGraph {
  /** Revisions in an order in which all can run: parents and dependencies first, otherwise by date and name of the file. */
  readonly order: readonly Revision[];
  /** Revisions without a parent. */
  readonly bases: readonly string[];
  /** Revisions that no other follows. */
  readonly heads: readonly string[];
  /** Revisions that more than one follows. */
  readonly branchPoints: readonly { readonly id: string; readonly children: readonly string[] }[];
  /** Revisions with more than one parent. */
  readonly merges: readonly string[];
  /** Parents and dependencies that are in no file. */
  readonly missing: readonly { readonly id: string; readonly parent: string }[];
  /** Identifiers of more than one file. */
  readonly duplicates: readonly { readonly id: string; readonly files: readonly string[] }[];
  /** Revisions that follow themselves, directly or through others; they have no place in the order and come last. */
  readonly cycle: readonly string[];
}

export function graphOf(revisions: readonly Revision[]): RevisionGraph {
  const byId = new Map<string, Revision[]>();
  for (const revision of revisions) byId.set(revision.id, [...(byId.get(revision.id) ?? []), revision]);
  const find = (name: string): string | undefined => (byId.has(name) ? name : byAbbreviation(byId, name));
  const needs = (revision: Revision): string[] =>
    [...revision.parents, ...revision.dependsOn].flatMap((name) => find(name) ?? labelled(revisions, name) ?? []);
  const children = new Map<string, string[]>();
  for (const { id, parents } of revisions) {
    for (const parent of parents.flatMap((name) => find(name) ?? []))
      children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const { order, cycle } = topological(revisions, needs);
  return {
    order,
    bases: unique(revisions.filter(({ parents }) => parents.length === 0).map(({ id }) => id)),
    heads: unique(revisions.filter(({ id }) => !children.has(id)).map(({ id }) => id)),
    branchPoints: [...children]
      .filter(([, followers]) => new Set(followers).size > 1)
      .map(([id, followers]) => ({ id, children: unique(followers) })),
    merges: unique(revisions.filter(({ parents }) => parents.length > 1).map(({ id }) => id)),
    missing: revisions.flatMap(({ id, parents, dependsOn }) =>
      [...parents, ...dependsOn]
        .filter((name) => find(name) === undefined && labelled(revisions, name) === undefined)
        .map((parent) => ({ id, parent })),
    ),
    duplicates: [...byId]
      .filter(([, own]) => own.length > 1)
      .map(([id, own]) => ({ id, files: own.map(({ file }) => file) })),
    cycle,
  };
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** Alembic lets an identifier be shortened as long as it stays unique. */
function byAbbreviation(byId: ReadonlyMap<string, unknown>, name: string): string | undefined {
  if (name.length < 4) return undefined;
  const matches = [...byId.keys()].filter((id) => id.startsWith(name));
  return matches.length === 1 ? matches[0] : undefined;
}

const labelled = (revisions: readonly Revision[], name: string): string | undefined =>
  revisions.find(({ branchLabels }) => branchLabels.includes(name.replace(/@.*$/, '')))?.id;

/**
 * A revision and all that must have run before it.
 *
 * @param name its identifier, or enough of it
 * @param flag what asked for it
 * @throws {PgvtuneError} `usage` when there is no such revision
 */
export function includedIn(order: readonly Revision[], name: string, flag: string): ReadonlySet<string> {
  const start = order.find(({ id }) => id === name) ?? order.find(({ id }) => id.startsWith(name) && name.length >= 4);
  if (!start) {
    throw new PgvtuneError('usage', `${flag}: no revision ${name} in this history.`, {
      hint: 'Give the identifier of a revision.',
    });
  }
  const byId = new Map(order.map((revision) => [revision.id, revision]));
  const included = new Set<string>();
  const waiting = [start.id];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (included.has(id)) continue;
    included.add(id);
    const revision = byId.get(id);
    waiting.push(...(revision?.parents ?? []), ...(revision?.dependsOn ?? []));
  }
  return included;
}

/** Kahn's algorithm; among those that can run, the oldest first. */
function topological(
  revisions: readonly Revision[],
  needs: (revision: Revision) => readonly string[],
): { readonly order: readonly Revision[]; readonly cycle: readonly string[] } {
  const waiting = new Map<Revision, number>();
  const followers = new Map<string, Revision[]>();
  for (const revision of revisions) {
    const parents = new Set(needs(revision));
    waiting.set(revision, parents.size);
    for (const parent of parents) followers.set(parent, [...(followers.get(parent) ?? []), revision]);
  }
  const ready = revisions.filter((revision) => waiting.get(revision) === 0);
  const order: Revision[] = [];
  const done = new Set<string>();
  while (ready.length > 0) {
    const next = ready.reduce((best, one) => (before(one, best) ? one : best));
    ready.splice(ready.indexOf(next), 1);
    order.push(next);
    if (done.has(next.id)) continue;
    done.add(next.id);
    for (const follower of followers.get(next.id) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  const placed = new Set(order);
  const rest = revisions.filter((revision) => !placed.has(revision));
  return { order: [...order, ...rest], cycle: unique(rest.map(({ id }) => id)) };
}

const before = (a: Revision, b: Revision): boolean => {
  const [x, y] = [a.createdOn ?? '', b.createdOn ?? ''];
  return x === '' || y === '' || x === y ? false : x < y;
};
