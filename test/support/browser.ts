import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where distributions put the browser; `PGVTUNE_CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; null when there is none. With CI=true it must be there. */
export function findBrowser(): string | null {
  const given = process.env['PGVTUNE_CHROMIUM'];
  const found = [...(given ? [given] : []), ...PLACES].find((path) => existsSync(path)) ?? null;
  if (found === null && process.env['CI'] === 'true') {
    throw new Error('The tests of the page need a browser: apt-get install chromium.');
  }
  return found;
}

export const openBrowser = (path: string): Promise<Browser> =>
  chromium.launch({ executablePath: path, args: ['--no-sandbox'], timeout: 120_000 });

/** What a page did that it must not. */
export interface Misdeeds {
  readonly errors: string[];
  readonly violations: string[];
  readonly requests: string[];
}

/** A page that is watched from its first moment. */
export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ readonly page: Page; readonly misdeeds: Misdeeds }> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(60_000);
  const misdeeds: Misdeeds = { errors: [], violations: [], requests: [] };
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    (/Content.Security.Policy/i.test(message.text()) ? misdeeds.violations : misdeeds.errors).push(message.text());
  });
  page.on('pageerror', (error) => misdeeds.errors.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|about):/.test(request.url())) misdeeds.requests.push(request.url());
  });
  return { page, misdeeds };
}
