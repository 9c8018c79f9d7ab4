import { expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../../src/config/index.js';
import { PgvtuneError } from '../../../src/errors.js';
import { tuneFromConfig } from '../../../src/tune/index.js';

const shape = { rows: 1e6, dimensions: 4, metric: 'l2', queries: 1000, recallQueries: 1000 } as const;

const check = (workloads: ConfigInput['workloads']) => (): void =>
  tuneFromConfig(resolveConfig(null, { rows_budget: '500k', workloads })).check(shape);

it('a budget of rows is refused for filtered and hybrid queries, before anything is built', () => {
  expect(check(['plain'])).not.toThrow();
  expect(check(['plain', { filtered: { column: 'tenant' } }])).toThrow(PgvtuneError);
  expect(check(['plain', { filtered: { column: 'tenant' } }])).toThrow('rows_budget works for plain queries alone.');
});
