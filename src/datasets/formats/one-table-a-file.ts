import type { ExportTable, WriteFormat } from './export-table.js';
import { writeNeighbours } from './neighbours-file.js';
import { writeTogether } from './write-together.js';

/**
 * A format that holds one table a file: beside `docs.fbin` the queries go into `docs.queries.fbin`, and neighbours, if
 * there are any, into `docs.neighbours.ivecs`.
 */
export function oneTableAFile(
  write: (table: ExportTable, path: string, finalPath: string) => Promise<void>,
): WriteFormat {
  return ({ base, queries, neighbours }, path) => {
    const beside = besidePath(path, '.queries$2');
    return writeTogether([
      { path, write: (unfinished) => write(base, unfinished, path) },
      { path: beside, write: (unfinished) => write(queries, unfinished, beside) },
      ...(neighbours === null
        ? []
        : [
            {
              path: besidePath(path, '.neighbours.ivecs'),
              write: (unfinished: string) => writeNeighbours(neighbours, unfinished),
            },
          ]),
    ]);
  };
}

/** `data/docs.jsonl.gz` → `data/docs.queries.jsonl.gz` */
const besidePath = (path: string, end: string): string => path.replace(/([^/\\]+?)(\.[^/\\]*)?$/, `$1${end}`);
