import { basename, dirname, resolve } from 'node:path';

/** The folder of all runs, as seen from the working directory. */
const RESULTS = 'results';

export interface RunPlace {
  /** Folder of the runs. */
  readonly results: string;
  readonly run: string;
}

/** Where a run is that is given by its name, or by the path of its folder as a shell completes it. */
export function placeOfRun(cwd: string, given: string): RunPlace {
  const folder = given.includes('/') ? dirname(given) : RESULTS;
  return { results: resolve(cwd, folder), run: basename(given) };
}

export const resultsFolder = (cwd: string): string => resolve(cwd, RESULTS);
