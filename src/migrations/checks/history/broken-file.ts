import { historyCheck } from '../snapshot.js';

/** Files that a tool would refuse: merge markers, unfinished Python, no upgrade(). */
export const brokenFile = historyCheck({
  id: 'broken-file',
  severity: 'high',
  needs: ['history'],
  run: ({ history: { problems } }) =>
    problems.map(({ code, place }) => ({
      data: { problem: code, at: place },
      severity:
        code === 'merge-markers' || code === 'half-written'
          ? 'high'
          : code === 'not-utf8' || code === 'no-revision'
            ? 'info'
            : 'medium',
    })),
});
