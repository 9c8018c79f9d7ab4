import type { Ask, Reply } from '../../src/results/index.js';

/** Timed round trips of a point in a comparison, where it does not say; as many warm up. */
const SAMPLES = 1000;
/** What every measurement takes beside its queries. */
const BESIDE = 0.3;

/** Replies with records that say how long the run has taken by them: builds as they say, points by their queries. */
export function timedBench(reply: (ask: Ask) => Reply) {
  let spentSeconds = 0;
  const timed = (ask: Ask): Reply => {
    const records = reply(ask);
    if (ask.kind === 'release') return records;
    spentSeconds += records.reduce((sum, record) => {
      if (record.type === 'build') return sum + record.seconds;
      if (record.type !== 'point') return sum + 1;
      const { purpose, queries, samples = SAMPLES } = record.request;
      const roundTrips = purpose === 'confirm' ? 2 * Math.max(samples, queries) : queries;
      return sum + BESIDE + (roundTrips * (record.measured?.latencyMs.mean ?? 1)) / 1000;
    }, 0);
    return records.map((record) => ({ ...record, spentSeconds }));
  };
  return { reply: timed, spentSeconds: () => spentSeconds };
}
