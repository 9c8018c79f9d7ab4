import { expect, it } from 'vitest';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import { buildRecord } from '../../support/records.js';
import { hnsw } from '../../support/running-bench.js';
import { manifest } from '../../support/run-manifest.js';

it('shows an index that was built twice as the search knew it', () => {
  const first = buildRecord({ request: { spec: hnsw(), repeat: 0 } });
  const records = [
    { ...first, seconds: 2.6 },
    { ...first, seconds: 6 },
  ];
  expect(viewRun({ manifest: manifest('local'), records }).builds.get(first.key)).toMatchObject({ seconds: 2.6 });
});
