import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** Prometheus, scraping. */
export interface Prometheus {
  /** How many series an expression gives now; null: it gives none yet. */
  readonly count: (expression: string) => Promise<number>;
  /** What its rules say of themselves, by their names; `unknown` until they are evaluated. */
  readonly rules: () => Promise<ReadonlyMap<string, string>>;
  readonly stop: () => Promise<void>;
}

/** @param folder for its data. @param url what it scrapes. @param rules a file of rules */
export async function startPrometheus(folder: string, url: string, rules: string): Promise<Prometheus> {
  const port = await freePort();
  const config = join(folder, 'prometheus.json');
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [resolve(rules)],
      scrape_configs: [{ job_name: 'pgvtune', static_configs: [{ targets: [new URL(url).host] }] }],
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
