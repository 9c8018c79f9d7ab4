import { formatCount } from '../units.js';

/** Which plans the queries got, where their parameters decide it; null where all got one. */
export const plansText = (plans: readonly { readonly text: string; readonly queries: number }[]): string | null =>
  plans.length < 2
    ? null
    : `plans by parameters: ${plans.map(({ text, queries }) => `${text} for ${formatCount(queries)}`).join('; ')}`;
