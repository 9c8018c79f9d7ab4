import type { StatementSubject } from '../../../../results/index.js';
import { formatCount } from '../../../../units.js';
import { confidenceText } from '../../figures.js';

export interface StatementGoal {
  readonly k: number;
  readonly recall: number;
}

type Parameter = StatementSubject['parameters'][number];

/** The report of a statement that was tuned. */
export const statement = {
  title: "The application's statement",
  recommended: (option: string, { k, recall }: StatementGoal): string =>
    `**Recommended:** ${option}: the fastest that is shown to reach recall@${k} ${recall}.`,
  none: ({ k, recall }: StatementGoal): string => `No index that was tried is shown to reach recall@${k} ${recall}.`,
  unfinished: '> This run is not finished: it has no recommendation yet.',
  change: 'The change to make',
  evidence: 'Evidence',
  method: 'How it was measured',
  option: 'index and settings',
  buffers: 'buffers a query',
  build: 'build time',
  verdict: 'verdict',
  plan: 'plan',
  verdicts: {
    recommended: 'recommended',
    reached: 'reaches the target',
    missed: 'misses the target',
    unused: 'not used by the planner',
  },
  plans: (plans: readonly { readonly plan: string; readonly queries: string }[]): string =>
    `plans by parameters: ${plans.map(({ plan, queries }) => `${plan} for ${queries}`).join('; ')}`,
  relaxed:
    'With `relaxed_order`, rows may come slightly out of order of distance: sort them again where that matters, such as',
  largerTable: (table: string, recallCommand: string): string =>
    `${table} has more rows than the sample: the same settings reach less recall there, and the index is larger. Once it is built, measure it there: ${recallCommand}`,
  measuredOn: (server: string, copied: readonly string[]): string =>
    `measured on ${server}, with a copy of ${copied.join(', ')}`,
  copied: (table: string, rows: number, isSample: boolean): string =>
    `${table} (${formatCount(rows)} rows${isSample ? ', a sample' : ''})`,
  parameter: ({ number, source, comparedWith, value }: Parameter, queries: StatementSubject['queries']): string => {
    const row = queries === 'log' ? 'a random row for each query' : 'the row whose vector is the query';
    const sources = {
      given: `${value}, as given`,
      row: `${comparedWith} of ${row}`,
      'other-rows': `${comparedWith} of random rows`,
      table: `${comparedWith} of random rows of its table`,
      executions: "of the executions in the server's log",
    } satisfies Record<Parameter['source'], string>;
    return `$${number}: ${sources[source]}`;
  },
  without: (p50: string, queries: number): string =>
    `without an index on the vectors: p50 ${p50}, n = ${formatCount(queries)}`,
  confidence: (confidence: number, tested: number): string =>
    `a recall counts as reached where the queries show it with ${confidenceText(confidence)} confidence (one-sided${tested > 1 ? `, corrected for ${tested} ways tested` : ''})`,
};
