import type { BuildRecord, PointRecord, Search } from '../../results/index.js';

/** What a search heard, by key. */
export interface Heard {
  readonly points: Map<string, PointRecord>;
  readonly builds: Map<string, BuildRecord>;
  /** Seconds that the run had taken when it was answered last. */
  spentSeconds: number;
  /** What looks at one setting took by the clock, and the queries that they asked. */
  readonly looks: { seconds: number; queries: number };
}

export const nothingHeard = (): Heard => ({
  points: new Map(),
  builds: new Map(),
  spentSeconds: 0,
  looks: { seconds: 0, queries: 0 },
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
      heard.looks.seconds += heard.spentSeconds - before;
      heard.looks.queries += first.request.queries;
    }
    step = search.next(reply);
  }
  return step.value;
}
