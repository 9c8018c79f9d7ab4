import { expect, it } from 'vitest';
import { type StrategyFigures, strategyMap } from '../../../src/analysis/index.js';

function figures(
  strategy: string,
  ms: number,
  recall: number,
  settings: StrategyFigures['settings'] = {},
): StrategyFigures {
  return {
    strategy,
    settings,
    recall: { value: recall, low: recall - 0.01, high: Math.min(1, recall + 0.01) },
    cost: { value: ms, low: ms * 0.95, high: ms * 1.05 },
    tieBreak: [],
  };
}

const cell = (selectivity: number, ...measured: readonly StrategyFigures[]) => ({
  selectivity,
  correlation: 0,
  measured,
});

it('takes the cheapest settings that are shown to reach the recall', () => {
  const [row] = strategyMap(
    [
      {
        correlation: 0,
        cells: [
          cell(
            0.1,
            figures('iterative', 1, 0.955, { ef_search: 20 }),
            figures('iterative', 2, 0.97, { ef_search: 40 }),
            figures('iterative', 4, 0.99, { ef_search: 80 }),
            figures('pre-filter', 9, 1),
          ),
        ],
      },
    ],
    0.95,
  );
  const [choice] = row!.cells;
  expect(choice!.best).toMatchObject({ strategy: 'iterative', settings: { ef_search: 40 } });
  expect(choice!.rivals).toEqual([]);
  expect(choice!.misses).toEqual([]);
});

it('names rivals that may be as cheap, and the best of what misses the recall', () => {
  const [row] = strategyMap(
    [
      {
        correlation: 0,
        cells: [
          cell(
            0.1,
            figures('a', 2, 1),
            figures('b', 2.1, 1),
            figures('c', 3, 1),
            figures('d', 1, 0.4, { ef_search: 40 }),
            figures('d', 2, 0.8, { ef_search: 400 }),
          ),
        ],
      },
    ],
    0.95,
  );
  const [choice] = row!.cells;
  expect(choice!.best?.strategy).toBe('a');
  expect(choice!.rivals.map(({ strategy }) => strategy)).toEqual(['b']);
  expect(choice!.misses).toMatchObject([{ strategy: 'd', settings: { ef_search: 400 } }]);
});

it('lets something else decide where costs do not, here and where the choice changes', () => {
  const both = (lookup: number, graph: number) => [
    { ...figures('pre-filter', lookup, 1), tieBreak: [0, 60] },
    { ...figures('graph', graph, 1), tieBreak: [0, 400] },
    { ...figures('partitions', graph, 1), tieBreak: [1, 40] },
  ];
  const cells = [cell(0.01, ...both(1, 0.97)), cell(0.1, ...both(10, 1))];
  const [row] = strategyMap([{ correlation: 0, cells }], 0.95);
  expect(row!.cells.map(({ best }) => best?.strategy)).toEqual(['pre-filter', 'graph']);
  expect(row!.cells[0]!.rivals.map(({ strategy }) => strategy)).toEqual(['graph', 'partitions']);
  expect(row!.crossovers).toMatchObject([{ below: 'pre-filter', above: 'graph', kind: 'cost' }]);
});

it('says where the choice changes along a row, from the most selective filter on', () => {
  const [row] = strategyMap(
    [
      {
        correlation: 0,
        cells: [
          cell(0.1, figures('pre-filter', 100, 1), figures('iterative', 2, 0.99), figures('post-filter', 1, 0.5)),
          cell(0.01, figures('pre-filter', 10, 1), figures('iterative', 20, 0.99), figures('post-filter', 1, 0.1)),
          cell(0.5, figures('pre-filter', 500, 1), figures('iterative', 1.5, 0.99), figures('post-filter', 1, 0.99)),
        ],
      },
    ],
    0.95,
  );
  expect(row!.cells.map(({ best }) => best?.strategy)).toEqual(['pre-filter', 'iterative', 'post-filter']);
  expect(row!.crossovers).toMatchObject([
    { below: 'pre-filter', above: 'iterative', kind: 'cost' },
    {
      below: 'iterative',
      above: 'post-filter',
      kind: 'reach',
      selectivity: { low: expect.closeTo(0.1) as number, high: expect.closeTo(0.5) as number },
    },
  ]);
});

it('has no choice where nothing reaches the recall', () => {
  const [row] = strategyMap(
    [{ correlation: -0.5, cells: [cell(0.1, figures('a', 1, 0.9)), cell(0.5, figures('a', 1, 0.99))] }],
    0.95,
  );
  expect(row!.cells[0]).toMatchObject({ best: null, rivals: [], misses: [{ strategy: 'a' }] });
  expect(row!.crossovers).toMatchObject([{ below: null, above: 'a', kind: 'reach' }]);
});
