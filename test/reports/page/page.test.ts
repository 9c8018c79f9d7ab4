import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../../page/choose.js';
import { pageData } from '../../../src/reports/page/data.js';
import { reportPage } from '../../../src/reports/page/page.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import type { BuildRecord, JournalRecord, PointRecord } from '../../../src/results/index.js';
import { findBrowser, openBrowser, watchedPage } from '../../support/browser.js';
import { temporaryFolder } from '../../support/processes.js';
import { buildRecord, builtIndex, measured, pointRecord, tuneAnswer } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';
import { targetFor } from '../../support/spaces.js';

/** Markup wherever data come from. */
const HOSTILE = '</script><img src=x onerror=alert(1)>"\'&';

const point = (build: BuildRecord, ef: number, recall: number, medianMs: number): PointRecord =>
  pointRecord({
    request: { build: build.key, settings: { ef_search: ef }, purpose: 'confirm' },
    measured: measured({ recall, medianMs, buffers: 100 * medianMs, queries: 2000 }),
  });

const small = buildRecord({
  request: { spec: { method: 'hnsw', representation: 'halfvec', parameters: { m: 16, ef_construction: 64 } } },
  index: builtIndex({ bytes: 40_000_000 }),
});
const large = buildRecord({ index: builtIndex({ bytes: 90_000_000 }), seconds: 12 });
const cheap = point(small, 40, 0.93, 1);
const middle = point(large, 80, 0.97, 2);
const dear = point(large, 400, 0.99, 8);
const search = pointRecord({ request: { build: large.key, settings: { ef_search: 20 }, purpose: 'search' } });
const records: readonly JournalRecord[] = [
  small,
  large,
  cheap,
  middle,
  dear,
  search,
  {
    type: 'answer',
    key: 'answer',
    finishedAt: '',
    answer: tuneAnswer({
      recommendation: { spec: large.request.spec, settings: { ef_search: 80 }, build: large.key, point: middle.key },
    }),
  },
];
const run = viewRun({
  manifest: { ...manifest('local', HOSTILE), run: 'night', target: targetFor({ recall: 0.95 }) },
  records,
});

describe('the choice in the page', () => {
  const data = pageData(run);
  const chosen = (bounds: Parameters<typeof choose>[1]): string | null => {
    const position = choose(data, bounds);
    return position === null ? null : data.points[position]!.record.key;
  };

  it('is what tune recommends for the same target, and follows the bounds', () => {
    expect(chosen({ recall: 0.95 })).toBe(data.recommended);
    expect(chosen({ recall: 0.9 })).toBe(cheap.key);
    expect(chosen({ recall: 0.98 })).toBe(dear.key);
    expect(chosen({ recall: 0.95, indexBytes: 50_000_000 })).toBeNull();
    expect(chosen({ recall: 0.9, indexBytes: 50_000_000 })).toBe(cheap.key);
    expect(chosen({ recall: 0.98, p95Ms: 10 })).toBeNull();
  });

  it('does not take a setting that one of several builds alone shows', () => {
    const again = buildRecord({ request: { repeat: 1 } });
    const withBuilds = (recall: number) =>
      pageData(
        viewRun({
          manifest: { ...manifest('local'), target: targetFor({ recall: 0.9 }) },
          records: [large, again, middle, dear, point(again, 400, recall, 8)],
        }),
      );
    const settingOf = (data: ReturnType<typeof pageData>): unknown => {
      const position = choose(data, { recall: 0.9 });
      return position === null ? null : data.points[position]!.record.request.settings;
    };
    expect(settingOf(withBuilds(0.99))).toEqual({ ef_search: 400 });
    expect(settingOf(withBuilds(0.5))).toBeNull();
  });

  it('knows no point that was only looked at', () => {
    expect(chosen({ recall: 0.5 })).not.toBe(search.key);
  });
});

describe('the page as text', () => {
  const html = reportPage(run);

  it('escapes what comes from data, and allows nothing but its own script and style', () => {
    expect(html).not.toContain('<img');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+';/);
    expect(html).not.toContain('unsafe');
    expect(html.length).toBeLessThan(1.5e6);
  });
});

const browserPath = findBrowser();

describe.skipIf(browserPath === null)('the page in a browser', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'report.html');
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(file, reportPage(run));
    browser = await openBrowser(browserPath!);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  it('renders, follows its sliders, and neither errs nor asks the network for anything', async () => {
    const { page, misdeeds } = await watchedPage(browser);
    await page.goto(`file://${file}`);
    expect(await page.locator('#pareto circle.point').count()).toBe(4);
    const choice = page.locator('#choice');
    expect(await choice.textContent()).toContain('ef_search=80');
    await page.locator('#recall').fill('0.9');
    expect(await choice.textContent()).toContain('ef_search=40');
    expect(await page.locator('#recall-value').textContent()).toBe('0.900');
    await page.locator('#recall').fill('0.98');
    expect(await choice.textContent()).toContain('ef_search=400');
    await page.locator('#bytes').fill('0');
    expect(await choice.textContent()).toMatch(/^None of the points/);
    await page.locator('#reset').click();
    expect(await choice.textContent()).toContain('ef_search=80');

    await page.locator('input[value="halfvec"]').uncheck();
    expect(await page.locator('#pareto circle.point').count()).toBe(3);

    await page.locator('#pareto').focus();
    await page.keyboard.press('ArrowRight');
    const first = await page.locator('#details').textContent();
    expect(await page.locator('#cdf path.curve').count()).toBe(2);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#details').textContent()).not.toBe(first);
    expect(first).toMatch(/recall 0\.\d{4} \[.*p95 .*buffers a query/);
    const before = await page.locator('#pareto circle.point').first().getAttribute('cx');
    await page.keyboard.press('+');
    expect(await page.locator('#pareto circle.point').first().getAttribute('cx')).not.toBe(before);
    await page.keyboard.press('0');
    expect(await page.locator('#pareto circle.point').first().getAttribute('cx')).toBe(before);
    expect(misdeeds).toEqual({ errors: [], violations: [], requests: [] });
    await page.close();
  }, 180_000);

  it.each(['light', 'dark'] as const)(
    'has nothing serious for axe to find in %s',
    async (colorScheme) => {
      // The checker needs to be evaluated, which the policy of the page forbids.
      const { page } = await watchedPage(browser, { colorScheme, bypassCSP: true });
      await page.goto(`file://${file}`);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
      const results = await page.evaluate<AxeResults>('axe.run()');
      const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(results.passes.length).toBeGreaterThan(10);
      await page.close();
    },
    180_000,
  );
});
