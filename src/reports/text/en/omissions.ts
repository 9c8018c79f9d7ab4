import { describeSpec, indexKind } from '../../../indexes/index.js';
import type { Omission } from '../../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { filteredStrategies } from './filtered-strategies.js';
import { plural } from './plural.js';

const QUERIES = { one: 'query', other: 'queries' };
const TIMED = { one: 'timed query', other: 'timed queries' };

const titles: Readonly<Record<string, string | undefined>> = filteredStrategies;

/** What was left out for want of time. */
export const omissions: Catalogue<Omission> = {
  build: ({ spec, ...needs }) => `${describeSpec(spec)} was not built on all rows: ${needsText(needs)}.`,
  'subset-comparison': (needs) => `Indexes were not compared on a subset of the rows: ${needsText(needs)}.`,
  'subset-build': ({ spec, ...needs }) =>
    `${describeSpec(spec)} was not compared on a subset of the rows: ${needsText(needs)}.`,
  'confidence-price': () => 'The cheapest setting that reaches the recall on average was not looked for.',
  rebuilds: ({ spec, builds, ...needs }) =>
    `${describeSpec(spec)} was not built ${plural(builds, { one: 'time', other: 'times' })} more: ${needsText(needs)}.`,
  'cold-caches': () => 'Nothing was measured with cold caches.',
  load: () => 'No load was put on the recommendation.',
  writes: () => 'The cost of writes was not measured.',
  'filter-queries': ({ queries, of, ...filter }) =>
    `The figures of the filter ${filterText(filter)} rest on ${plural(queries, TIMED)} instead of ${formatCount(of)}.`,
  'recall-queries': ({ queries, of }) =>
    `The recall was shown with ${plural(queries, QUERIES)} instead of ${formatCount(of)}: the exact neighbours of all would have taken too long.`,
  filter: (filter) => `The filter ${filterText(filter)} was not looked at.`,
  'filter-strategies': ({ strategies, ...filter }) =>
    `For the filter ${filterText(filter)} these strategies were not looked at: ${strategies
      .map(({ strategy, method }) => strategyText(strategy, method))
      .join(', ')}.`,
  crossovers: () => 'The selectivity at which the best strategy changes was not looked for.',
  'hybrid-strategies': ({ strategies }) =>
    `These strategies for hybrid queries were not looked at: ${strategies
      .map(({ strategy, text, spec }) => `${strategy} of ${text} on ${describeSpec(spec)}`)
      .join(', ')}.`,
  configuration: () => 'The workloads were not measured with the indexes of all of them on the table.',
};

const needsText = ({ seconds, leftSeconds }: { readonly seconds: number; readonly leftSeconds: number }): string =>
  `it may take ${formatMs(seconds * 1000, 2)}, and ${formatMs(leftSeconds * 1000, 2)} was left for it`;

function filterText({ name, cell }: Extract<Omission, { code: 'filter' }>['data']): string {
  if (name !== null || cell === null) return name ?? 'without a name';
  return `${formatPercent(cell.selectivity, 1)}, correlation ${cell.correlation}`;
}

function strategyText(strategy: string, method: string): string {
  const title = titles[strategy] ?? strategy;
  return method === 'none' ? title : `${title} (${indexKind(method).title})`;
}
