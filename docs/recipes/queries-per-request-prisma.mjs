// Counts the queries of each request and times them, for Prisma.
//
//   import { PrismaClient } from '@prisma/client';
//   import { withQueryCount, countOperations } from './queries-per-request-prisma.mjs';
//   const prisma = new PrismaClient().$extends(countOperations);
//   app.use((request, response, next) =>
//     withQueryCount(next, (count) => response.once('finish', () => record(request.route?.path, count))),
//   );
//
// Prisma sends one operation as one or several statements. `count.operations` counts calls of the client; a loop that
// calls findUnique for each row shows in `count.repeated`.
import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

const requests = new AsyncLocalStorage();

/** Runs `work` as one request, whose count is given to `onStart` first; it grows while the request runs. */
export function withQueryCount(work, onStart) {
  const names = new Map();
  const count = {
    operations: 0,
    failed: 0,
    seconds: 0,
    /** How often the operation was called that was called most often. */
    get repeated() {
      return Math.max(0, ...names.values());
    },
  };
  onStart?.(count);
  return requests.run({ count, names }, work);
}

/** An extension of the client: `prisma.$extends(countOperations)`. */
export const countOperations = {
  name: 'queries-per-request',
  query: {
    async $allOperations({ model, operation, args, query }) {
      const request = requests.getStore();
      if (!request) return query(args);
      const { count, names } = request;
      const name = `${model ?? 'sql'}.${operation}`;
      const start = performance.now();
      count.operations++;
      names.set(name, (names.get(name) ?? 0) + 1);
      try {
        return await query(args);
      } catch (error) {
        count.failed++;
        throw error;
      } finally {
        count.seconds += (performance.now() - start) / 1000;
      }
    },
  },
};
