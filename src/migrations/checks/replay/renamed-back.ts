import { historyCheck } from '../snapshot.js';

/** Tables and columns that were renamed more than once, and those that came back to a name of their own. */
export const renamedBack = historyCheck({
  id: 'renamed-back',
  severity: 'low',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const chains = lives
      .filter(({ names }) => names.length > 1)
      .map(({ kind, table, name, names, created }) => ({
        kind,
        table,
        names: [...names, name],
        isBack: names.includes(name),
        created,
      }));
    return chains.length === 0 ? [] : [{ data: { chains } }];
  },
});
