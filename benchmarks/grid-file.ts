import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { shortHash } from '../src/canonical-json.js';
import type { IndexSpec, SearchSettings } from '../src/vocabulary.js';

/*
 * A recorded grid: every index of a space, on the whole table and on random subsets, over a range of its search setting.
 * Gzipped JSON lines: one header, then one line a build. No vectors are kept, only what was measured.
 */

export interface GridHeader {
  readonly dataset: string;
  readonly rows: number;
  readonly dimensions: number;
  readonly queries: number;
  readonly k: number;
  readonly metric: string;
  readonly server: string;
  readonly recorded: string;
  readonly note: string;
}

export interface GridPoint {
  /** `ef_search` or `probes`; with `rerank_depth` where rows are sorted anew. */
  readonly settings: SearchSettings;
  /** 8 kB buffers a query, mean over all queries. */
  readonly buffers: number;
  /** Hits of each query, one hexadecimal digit (k = 10: 0 … a), in the dataset's order. */
  readonly hits: string;
}

export interface GridBuild {
  readonly spec: IndexSpec;
  readonly repeat: number;
  /** Rows built on. */
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** By ascending settings. */
  readonly points: readonly GridPoint[];
}

export interface RecordedGrid {
  readonly header: GridHeader;
  readonly builds: readonly GridBuild[];
}

export function writeGrid(path: string, { header, builds }: RecordedGrid): void {
  writeFileSync(path, gzipSync([header, ...builds].map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 }));
}

export function readGrid(path: string): RecordedGrid {
  const [header, ...builds] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  return {
    header: JSON.parse(header ?? '') as GridHeader,
    builds: builds.map((line) => JSON.parse(line) as GridBuild),
  };
}

/** The build of an index on so many rows. Counts of lists are rounded: one more or less is the same index. */
export const findBuild = (builds: readonly GridBuild[], spec: IndexSpec, rows: number): GridBuild | undefined =>
  builds.find((build) => build.rows === rows && isNearly(build.spec, spec));

function isNearly(a: IndexSpec, b: IndexSpec): boolean {
  const { lists: of = 0, ...rest } = a.parameters;
  const { lists = 0, ...others } = b.parameters;
  return (
    Math.abs(Number(of) - Number(lists)) <= 1 &&
    shortHash({ ...a, parameters: rest }) === shortHash({ ...b, parameters: others })
  );
}
