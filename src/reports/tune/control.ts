import type { ControlOutcome, ControlRecord } from '../../results/index.js';
import type { RunView } from './run-view.js';
import { formatBytes } from '../../units.js';
import { recallText, shortQuantileText } from '../text/figures.js';

type Said = Pick<RunView, 'texts'>;

/** `items_embedding_idx: hnsw m=8`, as plain text. */
export function storedIndexText(
  { texts }: Said,
  { name, method, expression, predicate, options, valid }: ControlRecord['indexes'][number],
): string {
  const given = Object.entries(options).map(([key, value]) => ` ${key}=${value}`);
  const restriction = predicate === null ? '' : ` WHERE ${predicate}`;
  return texts.sections.today.storedIndex(name, `${method}${given.join('')}`, expression, restriction, valid);
}

/** Why there are no figures of the table in use, as plain text. */
export function whyNoControl({ texts }: Said, outcome: Exclude<ControlOutcome, { code: 'measured' }>): string {
  const { today } = texts.sections;
  switch (outcome.code) {
    case 'not-served':
      return outcome.data.plan === null ? today.noIndex : today.otherPlan(outcome.data.plan);
    case 'void':
      return today.void;
    case 'failed':
      return today.failed(outcome.data.message);
  }
}

/** The table in use in a line, as the console prints it. */
export function controlLine(said: Said, { table, k, indexes, outcome }: ControlRecord): string {
  if (outcome.code !== 'measured') return `Today, ${table}: ${whyNoControl(said, outcome)}`;
  const { recall, latencyMs } = outcome.data;
  const bytes = indexes.reduce((sum, index) => sum + index.bytes, 0);
  const built = indexes.map((index) => storedIndexText(said, index)).join('; ');
  return `Today, ${table}: recall@${k} ${recallText(recall.mean)}, p50 ${shortQuantileText(latencyMs, 0.5)}, p95 ${shortQuantileText(latencyMs, 0.95)} on its server (${built}, ${formatBytes(bytes)})`;
}
