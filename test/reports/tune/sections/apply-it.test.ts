import { describe, expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/index.js';
import { applySection } from '../../../../src/reports/tune/sections/apply-it.js';
import { buildRecord, measured, pointRecord, tuneAnswer } from '../../../support/records.js';
import { manifest } from '../../../support/run-manifest.js';

const build = buildRecord();

/** The section of a run whose query takes half a millisecond. */
function section(transactionMs: number | null): string {
  const median = { value: transactionMs ?? 0, low: 0.04, high: 0.5 };
  const point = pointRecord({
    request: { build: build.key },
    measured: measured(
      { medianMs: 0.5 },
      transactionMs === null ? {} : { transactionMs: { n: 50, median, statements: 3 } },
    ),
  });
  const recommendation = { spec: build.request.spec, settings: { ef_search: 40 }, build: build.key, point: point.key };
  const answer = {
    type: 'answer' as const,
    key: 'answer' as const,
    finishedAt: '',
    answer: tuneAnswer({ recommendation }),
  };
  return applySection(viewRun({ manifest: manifest('local'), records: [build, point, answer] }));
}

describe('the statements that put a recommendation in place', () => {
  it('come with what the transaction adds to a quick query, and a function that spares it', () => {
    const text = section(0.12);
    expect(text).toContain('The 3 statements around the query take a round trip each.');
    expect(text).toContain('0.12 [0.04, 0.5] ms here (n = 50), 24 % of the 0.5 ms');
    expect(text).toContain('SET hnsw.ef_search = 40 AS $$ SELECT id FROM your_table');
    expect(text).toContain('SELECT * FROM your_table_nearest($1);');
    expect(text).toContain('DROP FUNCTION your_table_nearest(vector);');
    expect(text).toContain('ALTER ROLE your_role SET hnsw.ef_search = 40;');
  });

  it('need no function where the transaction adds next to nothing, or was not looked at', () => {
    expect(section(0.04)).toContain('8 % of the 0.5 ms');
    expect(section(0.04)).not.toContain('FUNCTION');
    expect(section(null)).not.toContain('round trip');
  });
});
