import type { StartingRule } from '../../../vocabulary.js';

/** Names of what one gets without measuring, and who recommends it. */
export const baselines: Readonly<Record<StartingRule, { readonly name: string; readonly source: string | null }>> = {
  defaults: { name: 'pgvector defaults', source: null },
  'readme-lists': { name: 'rule of thumb', source: 'pgvector README' },
  'square-root-lists': { name: 'square-root rule', source: 'common guides' },
  'exact-scan': { name: 'exact scan, no index', source: null },
};
