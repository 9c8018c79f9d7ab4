import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../src/random.js';
import { mountDisks } from './disks.js';
import { type ExistingServer, startExistingServer } from './existing-server.js';
import { FAKETIME, FAULTS, type Need } from './faults.js';
import { type Played, playRound, type Round } from './round.js';

export interface KillsOptions {
  /** Compiled program. */
  readonly bin: string;
  readonly seed: number;
  readonly rounds: number;
  /** No round begins later than so many milliseconds after the first. */
  readonly mostMs: number;
  /** Where runs work: `embedded` and `local` start a server for each, `url` has one for all. */
  readonly places: readonly ('embedded' | 'local' | 'url')[];
  /** Whether to put the folders on small disks of their own, which takes root. */
  readonly disks: boolean;
  onRound?(round: Round, played: Played): void;
}

export interface KillsReport {
  /** Rounds by place and fault, `url SIGKILL`, and how many of them the fault kept from their end. */
  readonly played: ReadonlyMap<string, { readonly rounds: number; readonly stopped: number }>;
  /** What was found wrong, with the round that shows it again. */
  readonly wrong: readonly string[];
}

/** What a run measures, beside indexes that are built soon; so few queries show no more. */
const INDEXES = `
target: { recall: 0.5 }
indexes:
  - hnsw: { m: [8], ef_construction: [32], ef_search: [10, 40] }
  - ivfflat: { lists: [20], probes: [1, 4] }
`;
const BARE = 'dataset: { generate: { rows: 1500, dimensions: 16, queries: 120, clusters: 20 } }';
const WITH_RECORDS = `dataset:
  generate:
    { rows: 1500, dimensions: 16, queries: 120, clusters: 20, attributes: { lang: { kind: category } }, text: { words: 8 } }`;
const WITHOUT_LOAD = 'measure: { queries: 120, samples: 150, concurrency: [] }';

const CONFIGS: Readonly<Record<Round['work'], string>> = {
  plain: `${BARE}\n${WITHOUT_LOAD}`,
  load: `${BARE}\nmeasure: { queries: 120, samples: 150, concurrency: [1, 2], seconds: 1 }`,
  filtered: `${WITH_RECORDS}\n${WITHOUT_LOAD}\nworkloads: [{ filtered: { column: lang, selectivity: [0.1] } }]`,
  hybrid: `${WITH_RECORDS}\n${WITHOUT_LOAD}\nworkloads: [hybrid: { fusion: [rrf] }]`,
};
/** `bench` measures plain queries only, and the embedded server has one connection. */
const WORK = { tune: ['plain', 'load', 'filtered', 'hybrid'], bench: ['plain', 'load'] } as const;

/** Faults fall anywhere from the start of the program to somewhat beyond its usual end. */
const USUAL_MS = { embedded: 14_000, local: 9_000, url: 7_000 };

/** Kills, interrupts and cuts off runs at random moments, the same for the same seed, and looks what they leave. */
export async function kills(options: KillsOptions): Promise<KillsReport> {
  const random = createRandom(options.seed).fork('kills');
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-campaign-'));
  // A local server runs under another account when this one is root.
  chmodSync(folder, 0o755);
  for (const [work, config] of Object.entries(CONFIGS)) writeFileSync(join(folder, `${work}.yaml`), config + INDEXES);
  const mounted = options.disks ? mountDisks(folder) : null;
  let existing: ExistingServer | null = null;
  const has = (place: string): readonly Need[] => [
    ...(place === 'url' ? (['server'] as const) : []),
    ...(mounted ? (['disks'] as const) : []),
    ...(existsSync(FAKETIME) ? (['faketime'] as const) : []),
  ];
  const [played, wrong] = [new Map<string, { rounds: number; stopped: number }>(), [] as string[]];
  const end = Date.now() + options.mostMs;
  try {
    if (options.places.includes('url')) existing = await startExistingServer(join(folder, 'server'));
    for (let i = 0; i < options.rounds && Date.now() < end; i++) {
      const place = pick(options.places);
      const there = has(place);
      const fault = pick(FAULTS.filter(({ needs = [] }) => needs.every((need) => there.includes(need))));
      const afterMs = Math.floor(random.next() * USUAL_MS[place]);
      const server = place === 'url' ? existing!.url : place;
      const command = pick(['tune', 'bench'] as const);
      const work = pick<Round['work']>(WORK[command].filter((one) => place !== 'embedded' || one !== 'load'));
      const round: Round = { command, work, server, fault, afterMs, run: `round-${i}` };
      const outcome = await playRound(round, {
        bin: options.bin,
        folder,
        place: {
          server: place === 'url' ? existing : null,
          disks: mounted?.disks ?? null,
          clock: join(folder, 'clock'),
        },
      });
      const what = `${place} ${fault.name}`;
      const { rounds, stopped } = played.get(what) ?? { rounds: 0, stopped: 0 };
      played.set(what, { rounds: rounds + 1, stopped: stopped + (outcome.code === 0 ? 0 : 1) });
      wrong.push(
        ...outcome.wrong.map(
          (text) => `round ${i} of seed ${options.seed} (${command} ${work}, ${what}, ${afterMs} ms): ${text}`,
        ),
      );
      options.onRound?.(round, outcome);
    }
    if (existing) wrong.push(...(await schemasLeft(existing)));
    return { played, wrong };
  } finally {
    existing?.stop();
    mounted?.unmount();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function schemasLeft(server: ExistingServer): Promise<readonly string[]> {
  const rows = await server.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'pgvtune%'`,
  );
  return rows.map(({ name }) => `the schema ${name} is left on the server`);
}
