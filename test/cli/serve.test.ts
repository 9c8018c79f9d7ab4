import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { main } from '../../src/cli/main.js';
import { createRun } from '../../src/results/index.js';
import { syntheticRun } from '../nightly/synthetic-run.js';
import { findBrowser, openBrowser, watchedPage } from '../support/browser.js';
import { capturingIo, pgvtune, workingDirectory } from '../support/command-line.js';

/** Markup wherever data come from. */
const HOSTILE = '</script><img src=x onerror=alert(1)>"\'&';

const directory = workingDirectory();
const nights = join(directory.path, 'nights');
const stop = new AbortController();
let url: URL;
let ended: Promise<number>;

beforeAll(async () => {
  for (let day = 1; day <= 24; day++) {
    const { manifest, records } = syntheticRun({
      run: `night-${day}`,
      seed: day,
      // The last night has a page: there must be two points to choose between.
      efSearch: day === 24 ? [40, 80] : [40],
      queries: 60,
      workRatio: day > 15 ? 1.5 : 1,
    });
    const run = createRun(nights, {
      ...manifest,
      dataset: { ...manifest.dataset, name: HOSTILE },
      startedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
    });
    for (const record of records) run.journal.append(record);
    run.close();
  }
  const night = join(nights, 'night-1');
  writeFileSync(join(directory.path, 'secret.md'), 'secret');
  writeFileSync(join(night, 'vector_optimization.md'), '# <b>Recommendation</b>');
  writeFileSync(join(night, 'chart.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(nights, 'night-24/report.html'), '<script>alert(1)</script>');
  writeFileSync(join(night, 'page.html'), '<script>alert(1)</script>');
  symlinkSync(join(directory.path, 'secret.md'), join(night, 'link.md'));
  mkdirSync(join(nights, 'broken'));
  writeFileSync(join(nights, 'broken/manifest.json'), '{');

  const io = { ...capturingIo(directory.path), signal: stop.signal };
  ended = main(['serve', 'nights', '--port', '0', '--json'], io);
  while (io.stdout.text() === '') await new Promise((resolve) => setImmediate(resolve));
  const document: unknown = JSON.parse(io.stdout.text());
  url = new URL(DOCUMENTS.serve.parse(document).url);
});
afterAll(async () => {
  stop.abort();
  expect(await ended).toBe(0);
  directory.remove();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a path as it is: `fetch` would resolve `..`. */
const get = (path: string, { method = 'GET', host = url.host } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: url.hostname, port: url.port, path, method, headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

describe('pgvtune serve', () => {
  it('lists every run with its reports, and those that cannot be read', async () => {
    const { status, body, headers } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('href="/runs/night-24/report.html"');
    expect(body).toContain('href="/runs/night-1/vector_optimization.md"');
    expect(body).toMatch(/broken<\/th>.*class="bad">.*manifest\.json/);
    expect(body).not.toContain('<img');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('sends reports as they are, and the page of a run made from its journal', async () => {
    expect(await get('/runs/night-1/vector_optimization.md')).toMatchObject({
      body: '# <b>Recommendation</b>',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect((await get('/runs/night-1/chart.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
    const { body, headers } = await get('/runs/night-24/report.html');
    expect(body).toContain('<h1>night-24</h1>');
    expect(body).not.toContain('alert(1)</script>');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(await get('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/runs/night-1/link.md',
    '/runs/night-1/page.html',
    '/runs/night-1/manifest.json/',
    '/runs/night-1/journal.ndjson',
    '/runs/night-1/../../secret.md',
    '/runs/night-1/..%2f..%2fsecret.md',
    '/runs/..%2f/secret.md',
    '/runs/../secret.md',
    '/../secret.md',
    '/runs/night-1/%00',
    '/runs/night-1/%ff',
    '/runs/nights-99/report.html',
    '//secret.md',
  ])('refuses %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it('answers to no other name, and changes nothing', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${url.port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${url.port}`,
    ]) {
      expect((await get('/', { host })).status).toBe(403);
    }
    expect((await get('/', { host: `localhost:${url.port}` })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get('/', { method })).status).toBe(405);
  });

  it('refuses a folder that is not there, and a port that is taken', async () => {
    expect((await pgvtune(directory.path, 'serve', 'nowhere')).stderr).toContain('There is no folder');
    const taken = await pgvtune(directory.path, 'serve', 'nights', '--port', url.port);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining(`Port ${url.port} is in use.`) });
    expect((await pgvtune(directory.path, 'serve', '--port', '70000')).code).toBe(2);
  });
});

const browserPath = findBrowser();

describe.skipIf(browserPath === null)('pgvtune serve in a browser', () => {
  it('leads from the runs to a page and to the history, and neither errs nor is stopped by its policy', async () => {
    const browser = await openBrowser(browserPath!);
    try {
      const { page, misdeeds } = await watchedPage(browser);
      await page.goto(url.href);
      expect(await page.locator('tbody tr').count()).toBe(25);
      const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
      await page.locator('a[href="/runs/night-24/report.html"]').click();
      expect(await page.locator('h1').textContent()).toBe('night-24');
      expect(await page.locator('#pareto circle.point').count()).toBe(2);
      await page.goBack();
      await page.getByRole('link', { name: 'History' }).click();
      expect(await page.locator('td .bad').first().textContent()).toMatch(/^worse since night-16: /);
      expect(await page.locator('svg.spark').count()).toBeGreaterThan(5);
      expect(await page.locator('svg.spark').first().boundingBox()).toMatchObject({ width: 192, height: 32 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await audited(page, axe);
        expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      }
      expect(misdeeds).toMatchObject({ errors: [], violations: [] });
      expect(misdeeds.requests.filter((sent) => new URL(sent).host !== url.host)).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 180_000);
});

type Page = Awaited<ReturnType<typeof watchedPage>>['page'];

/** Evaluated by the debugger, which no policy holds back. */
async function audited(page: Page, axe: string): Promise<AxeResults> {
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(axe, 'utf8'));
  return page.evaluate('axe.run()') as Promise<AxeResults>;
}
