import type { ControlOutcome, ControlRecord } from '../../results/index.js';
import { formatBytes } from '../../units.js';
import { recallText, shortQuantileText } from '../text/figures.js';

/** `items_embedding_idx: hnsw m=8`, as plain text. */
export function storedIndexText({
  name,
  method,
  expression,
  predicate,
  options,
  valid,
}: ControlRecord['indexes'][number]): string {
  const given = Object.entries(options).map(([key, value]) => ` ${key}=${value}`);
  return `${name}: ${method}${given.join('')} on ${expression}${predicate === null ? '' : ` WHERE ${predicate}`}${valid ? '' : ' (not valid)'}`;
}

/** Why there are no figures of the table in use, as plain text. */
export function whyNoControl(outcome: Exclude<ControlOutcome, { code: 'measured' }>): string {
  switch (outcome.code) {
    case 'not-served':
      return outcome.data.plan === null
        ? 'No index serves a search today: every query reads the whole table.'
        : `No index on the vectors is used today: ${outcome.data.plan}.`;
    case 'void':
      return 'The server was interrupted while it was measured, so there are no figures.';
    case 'failed':
      return `It could not be measured: ${outcome.data.message}`;
  }
}

/** The table in use in a line, as plain text. */
export function controlLine({ table, k, indexes, outcome }: ControlRecord): string {
  if (outcome.code !== 'measured') return `Today, ${table}: ${whyNoControl(outcome)}`;
  const { recall, latencyMs } = outcome.data;
  const bytes = indexes.reduce((sum, index) => sum + index.bytes, 0);
  const built = indexes.map(storedIndexText).join('; ');
  return `Today, ${table}: recall@${k} ${recallText(recall.mean)}, p50 ${shortQuantileText(latencyMs, 0.5)}, p95 ${shortQuantileText(latencyMs, 0.95)} on its server (${built}, ${formatBytes(bytes)})`;
}
