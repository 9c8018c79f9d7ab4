import type { BuildRecord, PointRecord, Search } from '../../results/index.js';

/** What a search heard, by key. */
export interface Heard {
  readonly points: Map<string, PointRecord>;
  readonly builds: Map<string, BuildRecord>;
  /** Seconds that the run had taken when it was answered last. */
  spentSeconds: number;
}

export const nothingHeard = (): Heard => ({ points: new Map(), builds: new Map(), spentSeconds: 0 });

/** The same search; the builds and points that it is answered with are kept. */
export function* remember<Answer>(search: Search<Answer>, heard: Heard): Search<Answer> {
  let step = search.next();
  while (!step.done) {
    const reply = yield step.value;
    for (const record of reply) {
      if (record.type === 'point') heard.points.set(record.key, record);
      if (record.type === 'build') heard.builds.set(record.key, record);
      heard.spentSeconds = record.spentSeconds ?? heard.spentSeconds;
    }
    step = search.next(reply);
  }
  return step.value;
}
