import { describe, expect, it } from 'vitest';
import { githubAnnotations, sarif } from '../../src/reports/index.js';

const remarks = [
  { code: 'several-heads', severity: 'high' as const, text: '100 %\nof two', place: { file: 'a,b:c.py', line: 7 } },
  { code: 'branch-points', severity: 'info' as const, text: 'somewhere', place: null },
];

describe('annotations', () => {
  it('of GitHub escape what would end a command or a property', () => {
    expect(githubAnnotations(remarks, 'db/versions')).toBe(
      '::error file=db/versions/a%2Cb%3Ac.py,line=7,title=several-heads::100 %25%0Aof two\n::notice title=branch-points::somewhere\n',
    );
  });

  it('of SARIF name rules, levels and places', () => {
    const { runs } = sarif(remarks, '', '1.2.3') as { runs: [{ tool: object; results: object[] }] };
    expect(runs[0].tool).toEqual({
      driver: { name: 'pgvtune', version: '1.2.3', rules: [{ id: 'several-heads' }, { id: 'branch-points' }] },
    });
    expect(runs[0].results).toEqual([
      {
        ruleId: 'several-heads',
        ruleIndex: 0,
        level: 'error',
        message: { text: '100 %\nof two' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a%2Cb%3Ac.py' }, region: { startLine: 7 } } }],
      },
      { ruleId: 'branch-points', ruleIndex: 1, level: 'note', message: { text: 'somewhere' }, locations: [] },
    ]);
  });
});
