/*
 * How well is the end of a run foretold? From the journals of finished runs of tune: with each question the search said how
 * long the run would go on, and the records say how long it did. Prints, as Markdown, the error of the remaining time over the
 * remaining time, for the first and the second half of each run. The goal is a median of 25 % in the second half.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/remaining-time.js results/RUN …
 */
import { basename, dirname } from 'node:path';
import { nearestRank } from '../src/analysis/index.js';
import { type JournalRecord, readRun } from '../src/results/index.js';

interface Forecast {
  /** Seconds of the run when it was made. */
  readonly at: number;
  readonly expected: number;
}

console.log('| run | seconds | forecasts | median error, first half | second half |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const folder of process.argv.slice(2)) {
  const { manifest, records } = readRun(dirname(folder), basename(folder));
  const forecasts = forecastsOf(records);
  const end = Math.max(...forecasts.ends);
  const errors = (from: number, to: number): string => {
    const of = forecasts.made
      .filter(({ at }) => at >= from * end && at < to * end)
      .map(({ at, expected }) => Math.abs(expected - (end - at)) / (end - at));
    return of.length === 0
      ? '–'
      : `${Math.round(
          100 *
            nearestRank(
              of.toSorted((a, b) => a - b),
              0.5,
            ),
        )} %`;
  };
  console.log(
    `| ${manifest.run} | ${end.toFixed(0)} | ${forecasts.made.length} | ${errors(0, 0.5)} | ${errors(0.5, 1)} |`,
  );
}

/** A forecast is made when a question is asked: when the record before it was finished. */
function forecastsOf(records: readonly JournalRecord[]): {
  readonly made: readonly Forecast[];
  readonly ends: readonly number[];
} {
  const made: Forecast[] = [];
  const ends: number[] = [];
  let at: number | null = null;
  for (const record of records) {
    if (!('spentSeconds' in record) || record.type === 'preparation' || record.spentSeconds === undefined) continue;
    ends.push(record.spentSeconds);
    // Records that were measured together have one time.
    if (at !== null && record.spentSeconds > at && record.expectedSeconds !== undefined) {
      made.push({ at, expected: record.expectedSeconds });
    }
    at = record.spentSeconds;
  }
  return { made, ends };
}
