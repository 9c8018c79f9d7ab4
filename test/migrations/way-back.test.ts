import { describe, expect, it } from 'vitest';
import { wayBackText } from '../../src/reports/index.js';

const outcome = (revision: string, fails: boolean, isPartial = false) => ({
  revision,
  ms: 1,
  leftOut: [],
  isPartial,
  failure: fails ? { place: { file: 'a.sql', line: 2 }, sqlstate: '42P01', lacks: null } : null,
});
const said = (...ways: readonly (readonly ['ran' | 'failed' | 'partial' | null, ('ran' | 'failed')?])[]) => {
  const back = ways.map(([down, again], index) => {
    const revision = `r${index}`;
    return {
      revision,
      down: down && outcome(revision, down === 'failed', down === 'partial'),
      upAgain: again ? outcome(revision, again === 'failed') : null,
    };
  });
  return wayBackText({ server: 's', up: [], back }, 'en');
};

describe('wayBackText', () => {
  it('names what fails, what has no way down and what is not known', () => {
    expect(said(['ran', 'ran'], ['ran', 'ran'])).toBe('Down and up again both run.');
    expect(said([null], [null])).toBe('No migration has a way down.');
    expect(said(['failed'], ['ran', 'failed'], [null], ['partial', 'ran'], ['ran', 'ran'])).toBe(
      'Down and up again: 1 of 5 migrations runs. r0 fails on the way down at a.sql:2 (SQLSTATE 42P01). ' +
        'r1 fails on the way up again at a.sql:2 (SQLSTATE 42P01): its downgrade leaves something behind, or takes too much. ' +
        'No way down: r2. Older migrations were tried on a database that was built up to them. ' +
        'Not known, because a part of it exists only as code: r3.',
    );
  });
});
