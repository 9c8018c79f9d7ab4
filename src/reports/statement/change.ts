import { literal } from '../../identifiers.js';
import { buildSettings } from '../tune/sql/build-settings.js';
import type { OptionView, StatementView } from './view.js';

/** Statements to run where the table is; each was run on the copy, but for CONCURRENTLY. */
export function changeOf(
  { record, settings }: OptionView,
  { manifest, subject }: Pick<StatementView, 'manifest' | 'subject'>,
): readonly string[] {
  const { text, server, rows } = subject;
  const place = { server, dimensions: manifest.dataset.dimensions, metric: manifest.metric };
  return [
    ...buildSettings(place, [{ spec: record.request.spec, rows }]),
    `${record.create.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ')};`,
    'BEGIN;',
    ...Object.entries(settings).map(
      ([name, value]) => `SET LOCAL ${name} = ${/^\d+$/.test(value) ? value : literal(value)};`,
    ),
    // A remark at its end would hide a semicolon.
    ...(/--.*$/.test(text) ? `${text}\n;` : `${text};`).split('\n'),
    'COMMIT;',
  ];
}

/** How rows that may come out of order are sorted again. */
export const SORTED_AGAIN =
  'WITH found AS MATERIALIZED (the statement, with its distance as a column) SELECT * FROM found ORDER BY distance + 0;';

/** Whether rows may come out of order of distance. */
export const isRelaxed = ({ settings }: OptionView): boolean => Object.values(settings).includes('relaxed_order');
