import { measurementCheck } from './snapshot.js';

export const planCacheMode = measurementCheck({
  id: 'plan-cache-mode',
  severity: 'medium',
  needs: ['login', 'plan_cache_mode'],
  run: ({ login: { role }, plan_cache_mode }) =>
    plan_cache_mode === 'auto' ? [] : [{ data: { role, mode: plan_cache_mode } }],
});
