import { expect, it } from 'vitest';
import { planCacheFindings } from '../../../src/analysis/index.js';
import { textOf, textsIn } from '../../../src/reports/index.js';

const cache = { mode: 'auto', genericPlans: 95, customPlans: 5, generic: 'Index Scan using ix', custom: 'Seq Scan' };

it('says that a prepared statement will get another plan', () => {
  expect(planCacheFindings(cache).map(({ code }) => code)).toEqual(['generic-plan-differs']);
  expect(textOf(textsIn('en').findings, planCacheFindings(cache)[0]!)).toContain(
    'Index Scan using ix instead of Seq Scan',
  );
});

it('says that statements are planned otherwise than by default', () => {
  const forced = { ...cache, mode: 'force_custom_plan', generic: cache.custom };
  expect(planCacheFindings(forced).map(({ code }) => code)).toEqual(['plan-cache-mode']);
});

it('has nothing to say of the default', () => {
  expect(planCacheFindings({ ...cache, generic: cache.custom })).toEqual([]);
});
