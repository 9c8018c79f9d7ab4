import type { BuildRecord, PointRecord, Search } from '../../results/index.js';

/** What a search heard, by key. */
export interface Heard {
  readonly points: Map<string, PointRecord>;
  readonly builds: Map<string, BuildRecord>;
}

/** The same search; the builds and points that it is answered with are kept. */
export function* remember<Answer>(search: Search<Answer>, { points, builds }: Heard): Search<Answer> {
  let step = search.next();
  while (!step.done) {
    const reply = yield step.value;
    for (const record of reply) {
      if (record.type === 'point') points.set(record.key, record);
      if (record.type === 'build') builds.set(record.key, record);
    }
    step = search.next(reply);
  }
  return step.value;
}
