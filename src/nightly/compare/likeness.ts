import { z } from 'zod';
import { describeLayout } from '../../indexes/index.js';
import { type RunManifest, UNDECIDING_SETTINGS } from '../../results/index.js';

/** Something that two runs must have in common before their figures mean the same. */
export interface Unlikeness {
  readonly what: 'dataset' | 'layout' | 'metric' | 'k' | 'queries' | 'server' | 'postgresql' | 'pgvector';
  readonly base: string;
  readonly candidate: string;
}

/** Something that may differ, and may explain a difference. */
export interface Change {
  readonly what:
    | 'pgvtune'
    | 'dataset'
    | 'server'
    | 'postgresql'
    | 'pgvector'
    | 'setting'
    | 'processor'
    | 'cores'
    | 'memory'
    | 'node'
    | 'recommendation';
  /** Of the setting, or of the index; null where `what` says it all. */
  readonly name: string | null;
  readonly base: string | null;
  readonly candidate: string | null;
}

/** The server and its versions: what one may ask to compare across. */
const OF_SERVER: readonly Unlikeness['what'][] = ['server', 'postgresql', 'pgvector'];

const questionSchema = z.object({ seed: z.number(), k: z.number().int() });

/** What the configuration of a run asked: the neighbours of a query, and the seed that draws the queries and orders them. */
export const questionOf = ({ config }: RunManifest): z.infer<typeof questionSchema> | undefined =>
  questionSchema.safeParse(config).data;

/**
 * What forbids to compare two runs.
 *
 * @param options.acrossServers compare different servers and versions
 */
export function unlikenesses(
  base: RunManifest,
  candidate: RunManifest,
  { acrossServers }: { readonly acrossServers: boolean },
): readonly Unlikeness[] {
  const [one, other] = [groundOf(base), groundOf(candidate)];
  return (Object.keys(one) as Unlikeness['what'][])
    .filter((what) => one[what] !== other[what] && !(acrossServers && OF_SERVER.includes(what)))
    .map((what) => ({ what, base: one[what], candidate: other[what] }));
}

function groundOf(manifest: RunManifest): Record<Unlikeness['what'], string> {
  const { dataset, layout, metric, server } = manifest;
  const known = questionOf(manifest);
  return {
    dataset: `${dataset.name} (${dataset.hash.slice(0, 12)})`,
    layout: describeLayout(layout),
    metric,
    k: String(known?.k ?? ''),
    queries: String(known?.seed ?? ''),
    server: server.label,
    postgresql: server.version,
    pgvector: server.pgvector,
  };
}

/** What differs between the surroundings of two runs, beside what was asked of them. */
export function changesBetween(base: RunManifest, candidate: RunManifest): readonly Change[] {
  const facts = ({ pgvtune, dataset, server, client }: RunManifest): readonly (readonly [Change['what'], string])[] => [
    ['dataset', dataset.hash.slice(0, 12)],
    ['pgvtune', pgvtune],
    ['server', server.label],
    ['postgresql', server.version],
    ['pgvector', server.pgvector],
    ['processor', client.cpu],
    ['cores', String(client.cores)],
    ['memory', String(client.memoryBytes)],
    ['node', client.node],
  ];
  const now = facts(candidate);
  return [
    ...facts(base).flatMap(([what, value], i): Change[] =>
      value === now[i]![1] ? [] : [{ what, name: null, base: value, candidate: now[i]![1] }],
    ),
    ...settingChanges(base.server.settings, candidate.server.settings),
  ];
}

/** Settings of the server that differ; null: it had the default. */
export function settingChanges(
  base: Readonly<Record<string, string>>,
  candidate: Readonly<Record<string, string>>,
): readonly Change[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(candidate)])].sort();
  return names
    .filter((name) => !UNDECIDING_SETTINGS.includes(name) && base[name] !== candidate[name])
    .map((name) => ({ what: 'setting', name, base: base[name] ?? null, candidate: candidate[name] ?? null }));
}
