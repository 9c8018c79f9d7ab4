// Counts the queries of each request and times them, for node-postgres.
//
//   import pg from 'pg';
//   import { countQueries, withQueryCount } from './queries-per-request.mjs';
//   countQueries(pg.Client.prototype);
//   app.use((request, response, next) =>
//     withQueryCount(next, (count) => response.once('finish', () => record(request.route?.path, count))),
//   );
//
// `record` is yours: a prom-client histogram of count.queries and count.seconds by route, or a log line where
// count.queries is above 20 (an N+1 query: count.repeated is how often the most frequent text was sent).
import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

const requests = new AsyncLocalStorage();

/** What a request has asked so far. Queries that run at the same time each count with all of their time. */
class QueryCount {
  queries = 0;
  failed = 0;
  seconds = 0;
  #texts = new Map();

  /** How often the text was sent that was sent most often. */
  get repeated() {
    return Math.max(0, ...this.#texts.values());
  }

  begin(text) {
    const start = performance.now();
    this.queries++;
    // A bound: a request that sends thousands of different texts is not what this looks for.
    if (this.#texts.size < 1000 || this.#texts.has(text)) this.#texts.set(text, (this.#texts.get(text) ?? 0) + 1);
    return (error) => {
      this.seconds += (performance.now() - start) / 1000;
      if (error) this.failed++;
    };
  }
}

/** Runs `work` as one request, whose count is given to `onStart` first; it grows while the request runs. */
export function withQueryCount(work, onStart) {
  const count = new QueryCount();
  onStart?.(count);
  return requests.run(count, work);
}

/** The count of the request that runs here; undefined outside of one. */
export const currentCount = () => requests.getStore();

/** Makes clients count: `countQueries(pg.Client.prototype)`, once, before the first query. Pools use clients. */
export function countQueries(prototype) {
  const query = prototype.query;
  prototype.query = function (config, values, callback) {
    const count = requests.getStore();
    if (!count) return query.call(this, config, values, callback);
    const end = count.begin(typeof config === 'string' ? config : (config?.text ?? ''));
    const ending = (given) =>
      typeof given === 'function'
        ? (error, result) => {
            end(error);
            return given(error, result);
          }
        : given;
    // A cursor or stream is the query itself: it ends when all of its rows were read.
    if (typeof config?.submit === 'function') {
      const result = query.call(this, config, values, callback);
      if (typeof result?.once === 'function') result.once('end', () => end()).once('error', end);
      else end();
      return result;
    }
    const own = typeof config?.callback === 'function' ? { ...config, callback: ending(config.callback) } : config;
    const result = query.call(this, own, ending(values), ending(callback));
    result?.then(() => end(), end);
    return result;
  };
}
