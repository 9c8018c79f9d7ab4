import type { Ask, Reply, Search } from '../results/index.js';

/** Runs a search to its answer, replying to each of its questions with `reply`. */
export async function drive<Answer>(search: Search<Answer>, reply: (ask: Ask) => Promise<Reply>): Promise<Answer> {
  let step = search.next();
  while (!step.done) step = search.next(await reply(step.value));
  return step.value;
}
