import { historyCheck } from '../snapshot.js';

/** Columns whose type was changed step by step. Each step may have rewritten the table. */
export const typeSteps = historyCheck({
  id: 'type-steps',
  severity: 'low',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const columns = lives
      .filter(({ kind, types }) => kind === 'column' && types.length > 2)
      .map(({ table, name, types }) => ({ table: table ?? '', column: name, types }));
    return columns.length === 0 ? [] : [{ data: { columns } }];
  },
});
