import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** Prometheus, scraping. */
export interface Prometheus {
  /** How many series an expression gives now; null: it gives none yet. */
  readonly count: (expression: string) => Promise<number>;
  /** What its rules say of themselves, by their names; `unknown` until they are evaluated. */
  readonly rules: () => Promise<ReadonlyMap<string, string>>;
  /** Its page with the graph of an expression over the last minute, as Debian's package has it. */
  readonly graph: (expression: string) => string;
  readonly stop: () => Promise<void>;
}

const RECIPE = 'docs/recipes/compose-monitoring.yaml';

/** What of the recipe's compose file gives Prometheus its files. */
interface Compose {
  readonly services: { readonly prometheus: { readonly volumes: readonly string[] } };
  readonly configs: { readonly prometheus: { readonly content: string } };
}

/** What of the recipe's configuration is not the same here. */
interface Config {
  readonly global: object;
  readonly scrape_configs: readonly { readonly job_name: string; readonly static_configs: unknown }[];
}

/**
 * Starts Prometheus with the configuration and the files that the recipe's compose file gives it, at shorter intervals.
 *
 * @param folder for its data
 * @param url what it scrapes instead of the recipe's target
 */
export async function startPrometheus(folder: string, url: string): Promise<Prometheus> {
  const port = await freePort();
  const { services, configs } = parse(readFileSync(RECIPE, 'utf8')) as Compose;
  for (const [source, target] of services.prometheus.volumes.map((mount) => mount.split(':'))) {
    if (source!.startsWith('./')) copyFileSync(join(dirname(RECIPE), source!), join(folder, basename(target!)));
  }
  const own = parse(configs.prometheus.content) as Config;
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    stringify({
      ...own,
      global: { ...own.global, scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: own.scrape_configs.map((job) => ({
        ...job,
        static_configs: [{ targets: [new URL(url).host] }],
      })),
    }),
  );
  const log = join(folder, 'prometheus.log');
  const program = spawn(
    'sh',
    [
      '-c',
      'exec prometheus "$@" 2> "$0"',
      log,
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(program, 'exit');
  const ask = async (path: string): Promise<never> => {
    for (;;) {
      if (program.exitCode !== null) throw new Error(readFileSync(log, 'utf8').slice(-2000));
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => null);
      if (answer?.ok) return ((await answer.json()) as { data: never }).data;
      if (answer?.status === 400) throw new Error(await answer.text());
      await new Promise((later) => setTimeout(later, 50));
    }
  };
  return {
    count: async (expression) => {
      const data: { result: unknown[] } = await ask(`query?query=${encodeURIComponent(expression)}`);
      return data.result.length;
    },
    rules: async () => {
      const data: { groups: { rules: { name: string; health: string }[] }[] } = await ask('rules');
      return new Map(data.groups.flatMap((group) => group.rules.map(({ name, health }) => [name, health])));
    },
    graph: (expression) =>
      `http://127.0.0.1:${port}/classic/graph?g0.tab=0&g0.range_input=1m&g0.expr=${encodeURIComponent(expression)}`,
    stop: async () => {
      program.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
