import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/postgres/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { hasLocal, open, socketFolder } from '../support/servers.js';

/** Versions of the extension that cannot be had here; the catalog says them all the same. */
describe.runIf(await hasLocal())('on a server with an old pgvector', () => {
  let server: Server;
  let url: string;
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(async () => {
    server = await open('local');
    url = `postgres://postgres@/postgres?host=${await socketFolder(server)}`;
    directory = workingDirectory();
  });
  afterAll(async () => {
    await server.stop();
    directory.remove();
  });

  async function run(version: string, extra: string, command = 'bench') {
    const session = await server.connect('test');
    await session.query(`UPDATE pg_extension SET extversion = '${version}' WHERE extname = 'vector'`);
    await session.close();
    const name = `of-${version}-${command}`.replaceAll('.', '-');
    writeFileSync(
      join(directory.path, 'c.yaml'),
      `dataset: { generate: { rows: 600, dimensions: 8, queries: 100, attributes: { lang: { kind: category } } } }
measure: { queries: 100, samples: 100, concurrency: [] }
indexes: [{ hnsw: { m: [8], ef_construction: [32], ef_search: [40] } }]
${extra}`,
    );
    const outcome = await pgvtune(directory.path, command, 'c.yaml', '--server', url, '--name', name);
    return { ...outcome, results: join(directory.path, 'results', name) };
  }

  it.each([
    ['0.6.2', 'representation: [halfvec]', /Expected pgvector 0\.7\.0 or later for .*halfvec.*has 0\.6\.2/],
    ['0.6.2', 'representation: [bit]', /Expected pgvector 0\.7\.0 or later/],
    ['0.6.2', 'metric: l1', /Expected pgvector 0\.7\.0 or later for .*l1.*has 0\.6\.2/],
    ['0.4.4', '', /Expected pgvector 0\.5\.0 or later/],
  ])('%s refuses "%s" before neighbours are computed or rows are loaded', async (version, extra, message) => {
    const { code, stderr } = await run(version, extra);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/Exact neighbours|Loading/);
    expect(code).toBe(2);
  });

  it.each([
    ['0.5.0', false],
    ['0.6.2', true],
    ['0.7.4', true],
  ])('%s is measured, and the report names its known defects', async (version, isHit) => {
    const { code, stderr, results } = await run(version, '');
    expect(code, stderr).toBe(0);
    const report = readFileSync(join(results, 'vector_optimization.md'), 'utf8');
    expect(report).toContain(version);
    // Parallel builds came with 0.6.0.
    expect(report.includes('CVE-2026-3172')).toBe(isHit);
  });

  it('0.7.4 filters without iterative scans, and says so', async () => {
    const { code, stderr, results } = await run(
      '0.7.4',
      'target: { recall: 0.5 }\nworkloads: [filtered: { filters: { own: { column: lang, op: =, value: { draw: own } } } }]',
      'tune',
    );
    expect([0, 1, 3], stderr).toContain(code);
    expect(stderr).not.toMatch(/iterative_scan=(relaxed|strict)_order/);
    const report = readFileSync(join(results, 'vector_optimization.md'), 'utf8');
    expect(report).toContain('0.8.0');
  });
});
