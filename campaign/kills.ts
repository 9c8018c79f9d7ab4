import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PgvtuneError } from '../src/errors.js';
import { openServer, type Server, type Session } from '../src/postgres/index.js';
import { createRandom } from '../src/random.js';
import { FAULTS } from './faults.js';
import { playRound, type Round } from './round.js';

export interface KillsOptions {
  /** Compiled program. */
  readonly bin: string;
  readonly seed: number;
  readonly rounds: number;
  /** No round begins later than so many milliseconds after the first. */
  readonly mostMs: number;
  /** Where runs work: `embedded` and `local` start a server for each, `url` has one for all. */
  readonly places: readonly ('embedded' | 'local' | 'url')[];
  onRound?(round: Round, wrong: readonly string[]): void;
}

export interface KillsReport {
  /** Rounds played, by place and fault: `url SIGKILL`. */
  readonly played: ReadonlyMap<string, number>;
  /** What was found wrong, with the round that shows it again. */
  readonly wrong: readonly string[];
}

/** What a run measures, beside indexes that are built soon. */
const INDEXES = `
target: { recall: 0.9 }
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
  const existing = options.places.includes('url') ? await localServer() : null;
  const [played, wrong] = [new Map<string, number>(), [] as string[]];
  const end = Date.now() + options.mostMs;
  try {
    for (let i = 0; i < options.rounds && Date.now() < end; i++) {
      const place = pick(options.places);
      const fault = pick(FAULTS.filter(({ needsServer }) => place === 'url' || !needsServer));
      const afterMs = Math.floor(random.next() * USUAL_MS[place]);
      const server = place === 'url' ? existing!.url : place;
      const command = pick(['tune', 'bench'] as const);
      const work = pick<Round['work']>(WORK[command].filter((one) => place !== 'embedded' || one !== 'load'));
      const round: Round = { command, work, server, fault, afterMs, run: `round-${i}` };
      const found = await playRound(round, {
        bin: options.bin,
        folder,
        existing: place === 'url' ? existing!.server : null,
      });
      const what = `${place} ${fault.name}`;
      played.set(what, (played.get(what) ?? 0) + 1);
      wrong.push(
        ...found.map(
          (text) => `round ${i} of seed ${options.seed} (${command} ${work}, ${what}, ${afterMs} ms): ${text}`,
        ),
      );
      options.onRound?.(round, found);
    }
    if (existing) wrong.push(...(await schemasLeft(existing.server)));
    return { played, wrong };
  } finally {
    await existing?.server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function localServer(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = await openServer('local', {
    run: 'campaign',
    signal: new AbortController().signal,
    note: () => undefined,
  });
  const session = await server.connect('campaign');
  const [row] = await session.query<{ folder: string }>(`SELECT current_setting('unix_socket_directories') AS folder`);
  await session.close();
  return { server, url: `postgres://postgres@/postgres?host=${row!.folder}` };
}

/** `cannot_connect_now`: the server recovers from the last kill. */
const RECOVERING = '57P03';

async function connectRecovered(server: Server, attempts = 300): Promise<Session> {
  try {
    return await server.connect('campaign');
  } catch (error) {
    if (attempts <= 1 || !(error instanceof PgvtuneError) || error.sqlstate !== RECOVERING) throw error;
    await setTimeout(100);
    return connectRecovered(server, attempts - 1);
  }
}

async function schemasLeft(server: Server): Promise<readonly string[]> {
  const session = await connectRecovered(server);
  try {
    const rows = await session.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'pgvtune%'`,
    );
    return rows.map(({ name }) => `the schema ${name} is left on the server`);
  } finally {
    await session.close();
  }
}
