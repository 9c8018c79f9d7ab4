import { describeSettings, describeSpec } from '../indexes/index.js';
import type { FilterAnswer, FilteredAnswer, FilterOption, TuneAnswer } from '../results/index.js';
import { filteredStrategy } from '../workloads/index.js';

/**
 * Whether the vector index that plain queries get serves every filter, too, in words. Where a filter is better served
 * otherwise, what it would have of that index; null where plain queries have none.
 */
export function oneIndex({ recommendation }: TuneAnswer, filtered: readonly FilteredAnswer[]): string | null {
  if (!recommendation || recommendation.spec.method === 'none') return null;
  const { build, spec } = recommendation;
  const name = describeSpec(spec);
  const filters = filtered.flatMap((answer) => answer.filters).filter(({ best }) => best !== null);
  const others = filters.filter(({ options, best }) => !isOn(build, options[best!]!));
  if (others.length === 0) return `One vector index serves plain queries and every filter: ${name}.`;
  const alone = others.map((filter) => ({ filter, option: optionOn(build, filter) }));
  const missing = alone.filter(({ option }) => !option);
  const texts = alone.map(({ filter, option }) => {
    const better = filter.options[filter.best!]!.title;
    return option
      ? `${filter.name} is served better by ${better} (${titleOf(option)} reaches the target as well)`
      : `${filter.name} needs ${better}`;
  });
  const verdict =
    missing.length === 0
      ? `One vector index can serve plain queries and every filter: ${name}`
      : `One vector index is not enough: ${name} serves plain queries`;
  return `${verdict}; but ${texts.join('; ')}.`;
}

/** Whether an option takes no other vector index than that of the build. */
const isOn = (build: string, { strategy, builds }: FilterOption): boolean =>
  !filteredStrategy(strategy).isApproximate || builds.every((key) => key === build);

const optionOn = (build: string, { options }: FilterAnswer): FilterOption | undefined =>
  options.find((option) => option.outcome === 'reaches' && isOn(build, option));

function titleOf({ title, settings }: FilterOption): string {
  const text = describeSettings(settings);
  return text === '–' ? title : `${title}, ${text}`;
}
