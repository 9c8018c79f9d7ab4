import { PgvtuneError } from '../errors.js';
import { describeLayout } from '../indexes/index.js';
import { createRun, type OpenRun, resumeRun, type RunManifest, UNDECIDING_SETTINGS } from '../results/index.js';
import { formatBytes } from '../units.js';

/** A share by which the memory of a machine may differ: kernels keep different amounts for themselves. */
const MEMORY_TOLERANCE = 0.05;

/**
 * Starts a run, or goes on with one under the circumstances in which it began.
 *
 * @param manifest what the run rests on now
 * @throws {PgvtuneError} `usage` when a run to resume rests on something else, which is named
 */
export function openRun(
  manifest: RunManifest,
  { results, resume }: { readonly results: string; readonly resume: boolean },
): OpenRun {
  if (!resume) return createRun(results, manifest);
  const run = resumeRun(results, manifest.run);
  const changed = changesBetween(run.manifest, manifest);
  if (changed.length === 0) return run;
  run.close();
  throw new PgvtuneError(
    'usage',
    `The run ${manifest.run} cannot be resumed. Since it began these have changed: ${changed.join('; ')}.`,
    { hint: 'Start a new run: figures from before and after would be in one report as if they were comparable.' },
  );
}

/** Everything that makes figures of two runs incomparable, with both values; empty when nothing does. */
export function changesBetween(before: RunManifest, now: RunManifest): readonly string[] {
  const change = (what: string, a: string | number | undefined, b: string | number | undefined): string[] =>
    a === b ? [] : [`${what} (${a ?? 'default'} → ${b ?? 'default'})`];
  return [
    ...(before.dataset.hash === now.dataset.hash ? [] : ['the dataset']),
    ...change('the layout', describeLayout(before.layout), describeLayout(now.layout)),
    ...change('pgvtune', before.pgvtune, now.pgvtune),
    ...change('PostgreSQL', before.server.version, now.server.version),
    ...change('pgvector', before.server.pgvector, now.server.pgvector),
    ...change('the server', before.server.label, now.server.label),
    ...settingNames(before, now).flatMap((name) =>
      change(name, before.server.settings[name], now.server.settings[name]),
    ),
    ...change('the processor', before.client.cpu, now.client.cpu),
    ...change('cores', before.client.cores, now.client.cores),
    ...memoryChange(before.client.memoryBytes, now.client.memoryBytes),
  ];
}

const settingNames = (before: RunManifest, now: RunManifest): readonly string[] =>
  [...new Set([before, now].flatMap(({ server }) => Object.keys(server.settings)))]
    .filter((name) => !UNDECIDING_SETTINGS.includes(name))
    .toSorted();

function memoryChange(before: number, now: number): readonly string[] {
  if (Math.abs(Math.log(now / before)) <= Math.log1p(MEMORY_TOLERANCE)) return [];
  return [`memory (${formatBytes(before)} → ${formatBytes(now)})`];
}
