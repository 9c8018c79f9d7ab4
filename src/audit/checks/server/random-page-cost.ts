import { setForDatabase } from '../../server-setting.js';
import { serverCheck } from './check.js';

/** PostgreSQL's default is that of a spinning disk. */
const SPINNING = 4;
const SOLID_STATE = '1.1';

/** The planner thinks that a random page costs four times as much as the next one, and avoids indexes. */
export const randomPageCost = serverCheck({
  id: 'random-page-cost',
  severity: 'info',
  needs: ['server', 'settings'],
  run: ({ server, settings }) =>
    Number(settings['random_page_cost']) < SPINNING
      ? []
      : [
          {
            object: 'random_page_cost',
            confidence: 'medium',
            basis: 'catalog',
            evidence: "SELECT setting, source FROM pg_settings WHERE name = 'random_page_cost';",
            remedy: setForDatabase(server, 'random_page_cost', SOLID_STATE),
            data: { value: Number(settings['random_page_cost']), advised: Number(SOLID_STATE) },
          },
        ],
});
