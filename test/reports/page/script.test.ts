import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageScriptModule } from '../../support/page-script.js';

it('the script of the page is what page/main.ts gives today, without anything of Node', async () => {
  const module = await pageScriptModule();
  expect(module).not.toMatch(/node:|\beval\b|new Function/);
  await expect(module).toMatchFileSnapshot(join(import.meta.dirname, '../../../src/reports/page/script.ts'));
});
