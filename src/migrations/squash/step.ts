import type { Node } from 'libpg-query';
import type { Effect } from '../effects.js';
import type { Sight } from '../sight.js';
import { effectsOf } from '../sql/effects-of.js';
import type { TakenAlong } from './taken-along.js';
import { touchedBy, type Touched } from './touched.js';

/** A statement of a squash: one change of the schema, or something that must stay where it is. */
export interface Step {
  readonly node: Node;
  readonly effects: readonly Effect[];
  /** What it needs and what it changes. */
  readonly touched: Touched;
  /** As it stands in the history; null where it was put together from others. */
  readonly sql: string | null;
  /** The places that it comes from; several once steps are folded into each other. */
  readonly origins: readonly Sight[];
  /** What it takes along without naming it; part of what is touched. */
  readonly along: TakenAlong | null;
}

/** @throws {Error} for a node whose effects are not known, which never becomes a step */
export function stepOf(
  node: Node,
  origins: readonly Sight[],
  { sql = null, along = null }: Partial<Pick<Step, 'sql' | 'along'>> = {},
): Step {
  const effects = effectsOf(node);
  if (!effects) throw new Error('A statement of unknown effect is no step.');
  const named = touchedBy(node, effects);
  return { node, effects, touched: along === null ? named : withAlong(named, along), sql, origins, along };
}

const withAlong = (touched: Touched, along: TakenAlong): Touched => ({
  ...touched,
  reads: new Set([...touched.reads, ...along.reads]),
  writes: new Set([...touched.writes, ...along.writes]),
  tables: new Set([...touched.tables, ...along.tables]),
});

/** The only effect of a step; undefined where it has none or several. */
export const effectOf = ({ effects }: Step): Effect | undefined => (effects.length === 1 ? effects[0] : undefined);

/** Whether two steps can change places: neither changes what the other needs or changes. */
export function commute(a: Step, b: Step): boolean {
  const [x, y] = [a.touched, b.touched];
  if (x.all || y.all || mentions(x, y) || mentions(y, x)) return false;
  return (
    !meet(x.writes, y.writes) &&
    !meet(x.writes, y.reads) &&
    !meet(x.reads, y.writes) &&
    !meet(x.whole, y.tables) &&
    !meet(y.whole, x.tables)
  );
}

/** Code that mentions a name which the other needs or changes. */
function mentions(code: Step['touched'], other: Step['touched']): boolean {
  if (code.words.size === 0) return false;
  if (other.words.size > 0) return true;
  const isMentioned = (key: string): boolean =>
    code.words.has(
      key
        .slice(Math.max(key.lastIndexOf(' '), key.lastIndexOf('.')) + 1)
        .replaceAll('"', '')
        .toLowerCase(),
    );
  return [...other.writes, ...other.reads, ...other.tables].some(isMentioned);
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const key of small) if (large.has(key)) return true;
  return false;
}
