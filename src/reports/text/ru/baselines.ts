import type { RunTexts } from '../run-texts.js';

/** Names of what one gets without measuring, and who recommends it. */
export const baselines: RunTexts['baselines'] = {
  defaults: { name: 'значения pgvector по умолчанию', source: null },
  'readme-lists': { name: 'эмпирическое правило', source: 'README pgvector' },
  'square-root-lists': { name: 'правило квадратного корня', source: 'распространённые руководства' },
  'exact-scan': { name: 'точный перебор без индекса', source: null },
};
