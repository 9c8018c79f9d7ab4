import { pointColumns } from '../points-table.js';
import type { RunView } from '../tune/run-view.js';
import { csvText } from './csv.js';

/** Every point of a run, one line each, for spreadsheets and data frames. Void points have a reason and no figures. */
export function pointsCsv(run: RunView): string {
  const columns = pointColumns(run);
  const rows = columns[0]?.values.map((_, i) => columns.map(({ values }) => values[i])) ?? [];
  return csvText(
    columns.map(({ name }) => name),
    rows,
  );
}
