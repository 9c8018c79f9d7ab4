import type { BuildRecord, PointRecord, Search } from '../../results/index.js';
import type { Workload } from '../../vocabulary.js';

/** What counts of the looks before, with each new one: machines are busy for a while, and quiet again. */
const KEPT = 0.7;

/** Sums over looks at one setting each, the latest counting most. Of indexes: exact scans say nothing of them. */
export interface Looks {
  count: number;
  /** What they did beside their timed queries: plans, checks, explained queries. */
  besideSeconds: number;
  queries: number;
  querySeconds: number;
}

/** What a search heard, by key. */
export interface Heard {
  readonly points: Map<string, PointRecord>;
  readonly builds: Map<string, BuildRecord>;
  /** Seconds that the run had taken when it was answered last. */
  spentSeconds: number;
  /** By kind of workload. */
  readonly looks: Readonly<Record<Workload['kind'], Looks>>;
}

const noLooks = (): Looks => ({ count: 0, besideSeconds: 0, queries: 0, querySeconds: 0 });

/** @param spentSeconds that the run took before its search */
export const nothingHeard = (spentSeconds = 0): Heard => ({
  points: new Map(),
  builds: new Map(),
  spentSeconds,
  looks: { plain: noLooks(), filtered: noLooks(), hybrid: noLooks() },
});

/** The same search; the builds and points that it is answered with are kept. */
export function* remember<Answer>(search: Search<Answer>, heard: Heard): Search<Answer> {
  let step = search.next();
  while (!step.done) {
    const before = heard.spentSeconds;
    const reply = yield step.value;
    for (const record of reply) {
      if (record.type === 'point') heard.points.set(record.key, record);
      if (record.type === 'build') heard.builds.set(record.key, record);
      heard.spentSeconds = record.spentSeconds ?? heard.spentSeconds;
    }
    const [first] = reply;
    if (first?.type === 'point' && first.request.purpose === 'search' && reply.length === 1) {
      addLook(heard, first, heard.spentSeconds - before);
    }
    step = search.next(reply);
  }
  return step.value;
}

function addLook({ looks, builds }: Heard, { request, measured, fromRun }: PointRecord, seconds: number): void {
  const { kind } = request.workload;
  const isExact = kind === 'plain' && builds.get(request.build)?.request.spec.method === 'none';
  if (isExact || !measured || fromRun !== undefined) return;
  const { n, mean } = measured.latencyMs;
  const of = looks[kind];
  const add = (name: keyof Looks, value: number): void => void (of[name] = KEPT * of[name] + value);
  const querySeconds = (n * mean) / 1000;
  add('count', 1);
  add('besideSeconds', Math.max(0, seconds - querySeconds));
  add('queries', n);
  add('querySeconds', querySeconds);
}
