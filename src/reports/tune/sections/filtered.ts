import { describeSettings } from '../../../indexes/index.js';
import type { FilterAnswer, FilteredAnswer, FilterOption, PointRecord } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import { filteredStrategy } from '../../../workloads/index.js';
import { escapeText, list, sqlBlock, table } from '../../text/markdown.js';
import { remarks } from '../remarks.js';
import { reasonText, whyText, describeBuild, planScans, quantileText, recallText, type RunView } from '../run-view.js';

/** The chart of a filtered workload; it lies beside the report. */
export const strategyChartFile = (number: number): string =>
  `filtered-strategies${number === 0 ? '' : `-${number + 1}`}.svg`;

/** What to do for filtered queries: the map, where it changes, what happens today, and the figures of every strategy. */
export function filteredSection(run: RunView): string {
  const answers = run.answer?.kind === 'tune' ? (run.answer.filtered ?? []) : [];
  return answers.map((answer, number) => workloadSection(run, answer, number)).join('\n\n');
}

function workloadSection(run: RunView, answer: FilteredAnswer, number: number): string {
  const { filters, rows, recall } = answer;
  const isGrid = filters.some(({ cell }) => cell !== null);
  return [
    number === 0 ? '## Filtered queries' : `## Filtered queries, workload ${number + 1}`,
    `Which way to serve \`WHERE … ORDER BY distance LIMIT\` is the cheapest that is shown to find ${formatPercent(recall, 0)} of the nearest rows, of ${formatCount(rows)}. ` +
      'Each strategy was measured with only its own indexes in sight, and its plan was proved. *p50*: median milliseconds of one query.',
    number === 0 && run.answer?.kind === 'tune' && run.answer.oneIndex ? escapeText(run.answer.oneIndex) : '',
    ...(isGrid
      ? [
          map(run, answer),
          crossovers(answer),
          `![Median latency of each strategy by selectivity](${strategyChartFile(number)})`,
        ]
      : []),
    today(run, filters),
    wrongPlans(run, filters),
    joins(run, filters),
    recommendations(filters),
    writeCosts(run, filters),
    '### Every filter and strategy',
    seldomLookedAt(filters),
    ...filters.map((filter) => filterDetails(run, filter)),
    remarksOn(run, filters),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function map(run: RunView, { filters }: FilteredAnswer): string {
  const onGrid = filters.filter(({ cell }) => cell !== null);
  const axis = (of: 'selectivity' | 'correlation'): readonly number[] =>
    [...new Set(onGrid.map(({ cell }) => cell![of]))].sort((a, b) => b - a);
  const correlations = axis('correlation').toReversed();
  const rows = axis('selectivity').map((selectivity) => [
    formatPercent(selectivity, selectivity < 0.01 ? 1 : 0),
    ...correlations.map((correlation) => {
      const found = onGrid.find(({ cell }) => cell!.selectivity === selectivity && cell!.correlation === correlation);
      return found ? cellText(run, found) : 'no such values';
    }),
  ]);
  return [
    '### The map',
    'By the share of the rows that the filter leaves, and how these lie to the query (1: all around it, 0: anywhere, −1: elsewhere; a mean over the queries, whose spread is told below). In brackets what the values that were drawn came to. Strategies are *no worse* where their intervals meet: of these, one that copies no data is named first, and then the one that touches the fewest pages.',
    table(['selectivity asked', ...correlations.map((value) => `correlation ${value}`)], rows),
  ].join('\n\n');
}

function cellText(run: RunView, filter: FilterAnswer): string {
  const best = filter.best === null ? undefined : filter.options[filter.best];
  const { selectivity, correlation } = filter.achieved;
  const achieved = `(${formatPercent(selectivity, selectivity < 0.01 ? 2 : 1)}, ${signed(correlation)})`;
  if (!best) return `**none reaches the target** ${achieved}`;
  const point = pointOfOption(run, best);
  const settings = settingsText(best);
  const rivals =
    filter.rivals.length > 0
      ? `; no worse: ${filter.rivals.map((i) => escapeText(filter.options[i]!.title)).join(', ')}`
      : '';
  return `**${escapeText(best.title)}**${settings === '' ? '' : `, ${settings}`}, ${medianText(point)} ms ${achieved}${rivals}`;
}

function crossovers({ crossovers, rows }: FilteredAnswer): string {
  if (crossovers.length === 0) return '';
  const share = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : `${Number((100 * value).toPrecision(2))} %`;
  return [
    'Where the choice changes:',
    list(
      crossovers.map(({ correlation, below, above, kind, selectivity: { value, low, high } }) => {
        const name = (title: string | null): string =>
          title === null ? 'nothing that reaches the target' : `**${escapeText(title)}**`;
        const between =
          kind === 'cost'
            ? `95 % interval ${share(low, 'below what was measured')} to ${share(high, 'above what was measured')}`
            : `somewhere from ${share(low, '0 %')} to ${share(high, '100 %')}: one of them was not competitive, or missed the target, on one side`;
        return `correlation ${correlation}: below ${share(value, '')} (${formatCount(Math.round(value * rows))} rows) ${name(below)}, above ${name(above)} (${between})`;
      }),
    ),
  ].join('\n\n');
}

/** What a user has who builds a vector index, adds a WHERE, and sets nothing. */
function today(run: RunView, filters: readonly FilterAnswer[]): string {
  const rows = filters.flatMap((filter) => {
    const point = filter.today === null ? undefined : run.workloadPoints.get(filter.today);
    if (!point) return [];
    const { measured } = point;
    const head = [escapeText(filter.name), escapeText(filter.example)];
    if (!measured) return [[...head, `**${point.status}**: ${escapeText(reasonText(run, point.reason))}`, '', '', '']];
    const { completeness, recall } = measured;
    return [
      [
        ...head,
        formatPercent(completeness.mean, 0),
        formatPercent(completeness.shortQueries / recall.queries, 0),
        formatPercent((completeness.empty ?? 0) / recall.queries, 0),
        recallText(recall.mean),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const starved = filters.some(
    ({ today: key }) => (run.workloadPoints.get(key ?? '')?.measured?.completeness.mean ?? 1) < 0.99,
  );
  return [
    '### What happens when nothing is done',
    ...(starved
      ? [
          '> **Warning.** Without iterative scan the index gives its `ef_search` nearest rows and the filter throws most of them away: queries return **fewer rows than exist**, without an error. ' +
            'Where the planner scans the table instead, answers are whole and slow.',
        ]
      : []),
    'The vector index at its defaults, iterative scan off:',
    table(
      [
        'filter',
        'such as',
        'rows returned of those that exist>',
        'queries that fall short>',
        'queries with no row>',
        'recall [95 %]',
      ],
      rows,
    ),
    ...(starved ? [completenessHistograms(run, filters)] : []),
  ].join('\n\n');
}

/** A mean of one half may be every query with half of its rows, or half of the queries with none. */
function completenessHistograms(run: RunView, filters: readonly FilterAnswer[]): string {
  const rows = filters.flatMap(({ name, today: key }) => {
    const measured = run.workloadPoints.get(key ?? '')?.measured;
    const tenths = measured?.completeness.tenths;
    if (!measured || !tenths) return [];
    return [[escapeText(name), ...tenths.map((queries) => (queries === 0 ? '' : String(queries)))]];
  });
  const bins = Array.from({ length: 10 }, (_, i) => `${10 * i}–${10 * i + 9} %>`);
  return ['Queries by how many of the rows that exist came back:', table(['filter', ...bins, '100 %>'], rows)].join(
    '\n\n',
  );
}

/** Where a plan that the server did not choose would have been the best. */
function wrongPlans(run: RunView, filters: readonly FilterAnswer[]): string {
  const sentences = filters.flatMap(({ name, options, best }) => {
    const chosen = best === null ? undefined : options[best];
    const least = (chosen && median(pointOfOption(run, chosen))) ?? Infinity;
    return options.flatMap((option) => {
      const point = pointOfOption(run, option);
      const ms = median(point);
      if (option.outcome !== 'another plan' || ms === undefined || ms >= least || point?.request.purpose !== 'confirm')
        return [];
      return [
        `${escapeText(name)}: the server chooses ${escapeText(whyText(run, option.why))} by itself; ${escapeText(option.title)}, ${settingsText(option)}, forced by \`enable_seqscan = off\`, takes ${medianText(point)} ms and would be the best.`,
      ];
    });
  });
  return sentences.length === 0 ? '' : ['### Plans that the server should have chosen', list(sentences)].join('\n\n');
}

/** What it would change to copy the joined table's columns to the rows. */
function joins(run: RunView, filters: readonly FilterAnswer[]): string {
  const sentences = filters.flatMap(({ name, join, options }) => {
    if (!join) return [];
    const cheapest = (denormalised: boolean, nothing: string): string => {
      const [least] = options
        .filter(({ outcome, strategy }) => outcome === 'reaches' && isDenormalised(strategy) === denormalised)
        .toSorted((a, b) => (median(pointOfOption(run, a)) ?? Infinity) - (median(pointOfOption(run, b)) ?? Infinity));
      return least ? `${escapeText(least.title)} in ${medianText(pointOfOption(run, least))} ms` : nothing;
    };
    const copied = options.some(({ strategy }) => isDenormalised(strategy));
    return copied
      ? [`${escapeText(name)}: with the join ${cheapest(false, 'nothing')}; ${cheapest(true, 'copied, nothing')}.`]
      : [];
  });
  if (sentences.length === 0) return '';
  return [
    '### With the join, or with its columns copied to the rows',
    'The cheapest of each that reaches the target. Copies spare the join and can be indexed with the vectors, but every change of the joined table must be carried over to its rows, and writes them anew into all their indexes.',
    list(sentences),
  ].join('\n\n');
}

const isDenormalised = (strategy: string): boolean => filteredStrategy(strategy).copies === 'columns';

/** The statements of each strategy that is the best somewhere, once; of each filter that the user named. */
function recommendations(filters: readonly FilterAnswer[]): string {
  const seen = new Set<string>();
  const parts = filters.flatMap(({ name, cell, options, best, sql, example }) => {
    const option = best === null ? undefined : options[best];
    if (!option || !sql || (cell !== null && seen.has(option.title))) return [];
    seen.add(option.title);
    return [
      [
        `**${escapeText(name)}** (such as ${escapeText(example)}): ${escapeText(option.title)}`,
        sqlBlock([...sql.build, ...sql.query]),
        ...(sql.undo && sql.undo.length > 0 ? ['To undo it:', sqlBlock(sql.undo)] : []),
      ].join('\n\n'),
    ];
  });
  if (parts.length === 0) return '';
  return [
    '### What to run',
    'The table is called `items` here, its column `embedding`. `$1` is the query vector, `$2` … are the values of the filter. Prepared statements need `plan_cache_mode = force_custom_plan`: a plan that does not know the value can use no partial index, and is wrong for rare or for frequent values.',
    ...parts,
  ].join('\n\n');
}

/** What the indexes of the best strategies add to an INSERT. */
function writeCosts(run: RunView, filters: readonly FilterAnswer[]): string {
  const used = new Map<string, string[]>();
  for (const { name, options, best } of filters) {
    for (const key of best === null ? [] : options[best]!.builds) used.set(key, [...(used.get(key) ?? []), name]);
  }
  const rows = [...used].flatMap(([key, names]) => {
    const [build, writes] = [run.builds.get(key), run.writes.get(key)];
    if (!build || !writes) return [];
    const extra = (of: 'walBytes' | 'ms'): number => writes.with[of] - writes.without[of];
    return [
      [
        escapeText(describeBuild(build)),
        escapeText(names.join('; ')),
        formatBytes(build.index?.bytes ?? 0),
        formatMs(1000 * build.seconds),
        formatBytes(Math.max(0, Math.round(extra('walBytes')))),
        `${(writes.with.walBytes / writes.without.walBytes).toFixed(1)}×`,
        formatMs(Math.max(0, extra('ms'))),
      ],
    ];
  });
  if (rows.length === 0) return '';
  return [
    '### What they cost when rows are written',
    'What each index adds to the insertion of one row, alone on the table with its primary key: medians of rounds on one backend, rolled back, without full-page images.',
    table(['index', 'serves', 'size>', 'build>', 'WAL a row>', 'WAL in all>', 'time a row>'], rows),
  ].join('\n\n');
}

/** Strategies that take a copy of the table were perhaps not looked at for every filter. */
function seldomLookedAt(filters: readonly FilterAnswer[]): string {
  const counts = new Map<string, number>();
  for (const { strategy, title } of filters.flatMap(({ options }) => options)) {
    if (filteredStrategy(strategy).copies === 'table') counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const some = [...counts].filter(([, count]) => count < filters.length).map(([title]) => escapeText(title));
  if (some.length === 0) return '';
  return `Looked at for some filters only, because it takes a copy of the table: ${some.join('; ')}. Per query it is what a partial index for each value is. Name it in \`strategies\` to have it measured everywhere.`;
}

const DETAILS = [
  'strategy',
  'settings',
  'recall [95 %]',
  'rows',
  'p50 ms>',
  'buffers>',
  'rows thrown away>',
  'indexes>',
  'build>',
  'plan',
];

function filterDetails(run: RunView, filter: FilterAnswer): string {
  const { achieved, options, best } = filter;
  const { selectivity, least, greatest, correlation, middleHalf, queries, filters } = achieved;
  const percent = (share: number): string => formatPercent(share, share < 0.01 ? 2 : 1);
  const facts = [
    `leaves ${percent(selectivity)} of the rows (${percent(least)} to ${percent(greatest)})`,
    `correlation ${signed(correlation)}${middleHalf ? ` (of the middle half of the queries ${signed(middleHalf[0])} to ${signed(middleHalf[1])})` : ''}`,
    `${queries} queries with ${filters} different ${filters === 1 ? 'filter' : 'filters'}`,
    ...(filter.join ? [`columns of ${escapeText(filter.join.table)}, joined by ${escapeText(filter.join.key)}`] : []),
  ];
  const rows = options.flatMap((option, i) =>
    option.outcome === 'unsuited' ? [] : [optionRow(run, option, i === best)],
  );
  const unsuited = options.flatMap(({ outcome, title, why }) =>
    outcome === 'unsuited' ? [`${escapeText(title)} (${escapeText(whyText(run, why).replace(/\.$/, ''))})`] : [],
  );
  return [
    `#### ${escapeText(filter.name)}: ${escapeText(filter.example)}`,
    `${facts.join('; ')}.${filter.shortfalls.map((text) => ` ${escapeText(text)}`).join('')}`,
    table(DETAILS, rows),
    ...(unsuited.length > 0 ? [`Cannot serve it: ${unsuited.join('; ')}.`] : []),
  ].join('\n\n');
}

function optionRow(run: RunView, option: FilterOption, isBest: boolean): readonly string[] {
  const title = isBest ? `**${escapeText(option.title)}**` : escapeText(option.title);
  const point = pointOfOption(run, option);
  const measured = point?.measured;
  const builds = option.builds.flatMap((key) => run.builds.get(key) ?? []);
  const costs = [
    formatBytes(builds.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0)),
    formatMs(1000 * builds.reduce((sum, { seconds }) => sum + seconds, 0)),
  ];
  const why = escapeText(whyText(run, option.why));
  if (!measured) return [title, settingsText(option), `${option.outcome}: ${why}`, '', '', '', '', '', '', ''];
  const isForced = option.outcome === 'another plan';
  return [
    isForced ? `${title}, forced` : title,
    settingsText(option),
    recallText(measured.recall.mean),
    formatPercent(measured.completeness.mean, 0),
    medianText(point),
    measured.buffers.mean.value.toFixed(0),
    measured.plan.rowsRemovedByFilter.toFixed(0),
    ...(builds.length > 0 ? costs : ['–', '–']),
    isForced
      ? `the server chooses ${why}`
      : `${planScans(measured.filtering?.plans ?? [])}${option.outcome === 'misses' ? `. ${why}` : ''}`,
  ];
}

/** What a reader must know beside the figures; that rows are missing stands in the tables. */
function remarksOn(run: RunView, filters: readonly FilterAnswer[]): string {
  const points = filters.flatMap(({ options }) => options.flatMap((option) => pointOfOption(run, option) ?? []));
  const text = remarks(
    run,
    points.flatMap(({ findings }) => findings.filter(({ code }) => code !== 'short-answers')),
    'points',
  );
  return text === '' ? '' : `Remarks on these points:\n\n${text}`;
}

/** A correlation; a zero has no sign. */
const signed = (correlation: number | null): string =>
  correlation === null
    ? 'unknown'
    : correlation
        .toFixed(2)
        .replace(/^-(?=0\.00$)/, '')
        .replace('-', '−');

const pointOfOption = (run: RunView, { point }: FilterOption): PointRecord | undefined =>
  point === null ? undefined : run.workloadPoints.get(point);

const median = (point: PointRecord | undefined): number | undefined =>
  point?.measured?.latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value;

const medianText = (point: PointRecord | undefined): string =>
  point?.measured ? quantileText(point.measured, 0.5) : 'not measured';

/** Without what the strategy itself says. */
function settingsText({ settings, strategy }: FilterOption): string {
  const { iterative_scan: _, ...own } = settings;
  const text = describeSettings(own);
  return text === '–' || !filteredStrategy(strategy).isApproximate ? '' : escapeText(text);
}
