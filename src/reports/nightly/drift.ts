import type { Drift, DriftComparison, DriftFigure, Region } from '../../nightly/index.js';
import { formatCount, formatPercent } from '../../units.js';
import { digits } from '../text/figures.js';
import { code, escapeText, list, table } from '../text/markdown.js';

/** A dataset as it is compared. */
interface ComparedData {
  readonly name: string;
  readonly rows: number;
  /** Share of its rows that repeat the vector of an earlier one. */
  readonly duplicates: number;
  /** Share of its rows whose vector the other one does not have. */
  readonly onlyHere: number;
  /** A sample of a table: there are rows that it does not have. */
  readonly isSample: boolean;
}

/** Two datasets, and what their comparison found. */
export interface DriftView extends Omit<Drift, 'regions'> {
  readonly base: ComparedData;
  readonly candidate: ComparedData;
  readonly regions: readonly (Region & { readonly exampleId: string | number | null })[];
}

const FIGURES: Readonly<Record<DriftFigure, string>> = {
  length: 'Length of a vector',
  nearest: 'Distance to the nearest vector of the base',
  regions: 'Share in another region',
  vectors: 'All distances (energy distance)',
};

/** Whether data has changed between two nights, as Markdown: the answer, the rows, the figures. */
export function driftDocument(view: DriftView): string {
  const { base, candidate, figures, regions, compared, falseAlarms } = view;
  const sections = [
    `# Data of ${escapeText(candidate.name)} against ${escapeText(base.name)}`,
    headline(view),
    `## Rows\n\n${rowsTable(base, candidate)}${base.isSample || candidate.isSample ? `\n\n${SAMPLES}` : ''}`,
    ...(figures.length === 0 ? [] : [`## Figures\n\n${figuresTable(figures)}`]),
    ...(regions.length === 0 ? [] : [`## Regions that changed most\n\n${regionsTable(regions)}`]),
    ...(figures.length === 0 ? [] : [`## Method\n\n${method(compared, falseAlarms)}`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const SAMPLES =
  'A dataset that is a sample of a table lacks rows of it: a vector that is missing in the other dataset may still be in the table.';

function headline({ answer, figures, compared }: DriftView): string {
  const changed = figures.filter(({ hasChanged }) => hasChanged).map(({ figure }) => FIGURES[figure].toLowerCase());
  if (answer === 'different') return `**Different.** Changed: ${changed.join('; ')}.`;
  if (answer === 'same' && figures.length === 0) return '**Same.** Both are the same data.';
  if (answer === 'same') return '**Same.** No change of the vectors is shown.';
  const fewest = Math.min(compared.base, compared.candidate);
  return `**Unknown.** No change is shown, but ${formatCount(fewest)} vectors of a side are too few to see one of a tenth of the rows.`;
}

const rowsTable = (base: ComparedData, candidate: ComparedData): string =>
  table(
    ['', 'base>', 'candidate>'],
    [
      ['Rows', formatCount(base.rows), formatCount(candidate.rows)],
      [
        'Rows whose vector the other does not have',
        formatPercent(base.onlyHere, 1),
        formatPercent(candidate.onlyHere, 1),
      ],
      ['Rows that repeat an earlier vector', formatPercent(base.duplicates, 1), formatPercent(candidate.duplicates, 1)],
    ],
  );

const figuresTable = (figures: readonly DriftComparison[]): string =>
  table(
    ['figure', 'base (median)>', 'candidate (median)>', 'difference>', 'by chance>', 'p>', 'answer'],
    figures.map(({ figure, base, candidate, difference, byChance, p, hasChanged }) => [
      FIGURES[figure],
      base === null ? '–' : digits(base),
      candidate === null ? '–' : digits(candidate),
      difference.toFixed(3),
      byChance.toFixed(3),
      p.toPrecision(2),
      hasChanged ? '**changed**' : 'no change shown',
    ]),
  );

const regionsTable = (regions: DriftView['regions']): string =>
  table(
    ['share of the base>', 'share of the candidate>', 'a row of the candidate near the centre'],
    regions.map(({ base, candidate, exampleId }) => [
      formatPercent(base, 1),
      formatPercent(candidate, 1),
      exampleId === null ? '–' : code(String(exampleId)),
    ]),
  );

const method = ({ base, candidate, reference }: Drift['compared'], falseAlarms: number): string =>
  list([
    `Compared: ${formatCount(base)} vectors of the base and ${formatCount(candidate)} of the candidate, drawn at random; no vector is in both samples.`,
    `Distances and regions refer to ${formatCount(reference)} other vectors of the base. A region is a group around a centre, like a list of IVFFlat.`,
    'Difference: 0 is none, 1 the largest. By chance: what it is as a median (of regions: as a mean) where nothing changed.',
    `p is of permutation tests, adjusted for four figures by Holm’s procedure. Where nothing changed, any figure is called changed with a chance of ${formatPercent(falseAlarms)} at most.`,
  ]);
