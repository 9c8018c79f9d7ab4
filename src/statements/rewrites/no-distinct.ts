import { hasKey, isDistinct, outputsOf } from './outputs.js';
import type { Rewrite } from './rewrite.js';
import { isPlain, sourcesOf } from './sources.js';

/** DISTINCT over rows that a key of each table tells apart already. */
export const noDistinct: Rewrite = {
  code: 'no-distinct',
  apply: (root, tables) => {
    const sources = sourcesOf(root, tables);
    if (!sources || !isPlain(root, 'distinctClause', 'sortClause') || !isDistinct(root)) return null;
    const outputs = outputsOf(root, sources);
    const isSure = outputs && sources.every((source) => !source.optional && hasKey(outputs, source));
    if (!isSure) return null;
    delete root.distinctClause;
    return { code: 'no-distinct', data: { tables: sources.map(({ table }) => table.name) } };
  },
};
