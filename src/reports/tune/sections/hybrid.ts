import { describeSettings } from '../../../indexes/index.js';
import type {
  Difference,
  Estimate,
  FusionChoice,
  HybridAnswer,
  HybridOption,
  Judged,
  PointRecord,
} from '../../../results/index.js';
import { formatBytes, formatMs, formatPercent } from '../../../units.js';
import { textLeg } from '../../../workloads/index.js';
import { code, escapeText, list, sqlBlock, table } from '../../text/markdown.js';
import { remarks } from '../remarks.js';
import { reasonText, whyText, latencyHeading, planScans, quantileText, recallText, type RunView } from '../run-view.js';

/** What to do for queries of vector and text: the recommendation, every strategy, and what weights and depths come to. */
export function hybridSection(run: RunView): string {
  const answers = run.answer?.kind === 'tune' ? (run.answer.hybrid ?? []) : [];
  return answers.map((answer, number) => workloadSection(run, answer, number)).join('\n\n');
}

function workloadSection(run: RunView, answer: HybridAnswer, number: number): string {
  const { k, queries, judged, recall, best, options, because, sql, remarks: notes } = answer;
  const chosen = best === null ? undefined : options[best];
  return [
    number === 0 ? '## Hybrid queries: vector and text' : `## Hybrid queries, workload ${number + 1}`,
    `The ${k} best rows for a query's vector and its text. A strategy *reaches* the target when at least ${formatPercent(recall, 0)} of the rows that it would return with exact legs come back, shown with 95 % confidence. Fusions were compared by the exact answers to ${queries} queries. ` +
      (judged === null
        ? 'There are no judgements of relevance: whether one fusion answers better than another cannot be told from this data. Give them as a TREC file (`judgements`) or with the queries (`relevant`).'
        : `${judged} queries have judgements, by which answers are compared query by query.`),
    notes.map(escapeText).join(' '),
    '### Recommendation',
    chosen ? `**${optionText(chosen, options)}**. ${escapeText(because)}` : escapeText(because),
    rivalsText(answer),
    sql
      ? [
          'The table is called `items` here, its columns `id`, `embedding` and `content`. `$1` is the query vector, `$2` its text. The settings hold for the transaction only, so they are safe behind a pooler. A generated column is filled by rewriting the table: plan for the lock.' +
            (sql.build.some((statement) => statement.includes('ts_stat'))
              ? ' `items_lexemes` tells which words are rare; make it anew when the texts have changed much.'
              : ''),
          sqlBlock([...sql.build, ...sql.query]),
        ].join('\n\n')
      : '',
    '### Every strategy',
    strategies(run, answer),
    mixedOrder(run, answer),
    quantised(run, answer),
    legs(run, answer),
    weights(answer),
    depths(answer),
    remarksOn(run, options),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function rivalsText({ rivals, options }: HybridAnswer): string {
  if (rivals.length === 0) return '';
  const names = rivals.map((position) => escapeText(nameOf(options[position]!, options)));
  return `Not to be told apart from it in time, and not shown to be worse: ${names.join('; ')}.`;
}

const optionText = (option: HybridOption, all: readonly HybridOption[]): string => {
  const settings = describeSettings(option.settings);
  return `${escapeText(nameOf(option, all))}${settings === '–' ? '' : `, ${escapeText(settings)}`}`;
};

/** The title, and how the text is searched where there are several ways to. */
const nameOf = (
  { title, text, strategy }: Pick<HybridOption, 'title' | 'text' | 'strategy'>,
  all: readonly Pick<HybridOption, 'text'>[],
): string => {
  const isOnly = strategy === 'vector-only' || all.every((other) => other.text.method === text.method);
  return isOnly ? title : `${title}, text by ${textLeg(text.method).title}`;
};

function strategies(run: RunView, { options, best, judged }: HybridAnswer): string {
  const rows = options.map((option, position) => {
    const point = pointOfOption(run, option);
    const measured = point?.measured;
    const name = escapeText(nameOf(option, options));
    const head = [position === best ? `**${name}**` : name, escapeText(describeSettings(option.settings))];
    const why = escapeText(whyText(run, option.why));
    const blank = Array.from({ length: judged === null ? 6 : 9 }, () => '');
    if (!measured) return [...head, `${option.outcome}${why === '' ? '' : `: ${why}`}`, ...blank];
    const builds = option.builds.flatMap((key) => run.builds.get(key) ?? []);
    return [
      ...head,
      option.outcome === 'reaches' ? recallText(measured.recall.mean) : `${recallText(measured.recall.mean)}. ${why}`,
      measured.ranking ? measured.ranking.rbo.value.toFixed(3) : '',
      ...(judged === null ? [] : qualityCells(measured.ranking?.judged ?? null)),
      quantileText(measured, 0.5),
      measured.buffers.mean.value.toFixed(0),
      formatBytes(builds.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0)),
      formatMs(1000 * builds.reduce((sum, { seconds }) => sum + seconds, 0)),
      planScans(measured.ranking?.plans ?? []),
    ];
  });
  const quality = judged === null ? [] : ['nDCG [95 %]', 'MRR', 'recall of relevant rows'];
  return [
    'All that reach the target were measured side by side. *Exact fusion*: rows in common with the same fusion of exact legs; *order*: rank-biased overlap with it (p = 0.9). *p50*: median milliseconds. Sizes and build times are those of vector and text index together.',
    table(
      [
        'strategy',
        'settings',
        'exact fusion [95 %]',
        'order>',
        ...quality,
        latencyHeading(run, 'p50 ms'),
        'buffers>',
        'indexes>',
        'build>',
        'plan',
      ],
      rows,
    ),
    differences(options),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function qualityCells(judged: Judged | null): readonly string[] {
  if (!judged) return ['', '', ''];
  return [short(judged.ndcg), judged.reciprocalRank.value.toFixed(3), judged.recall.value.toFixed(3)];
}

const short = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(3)} [${(low ?? 0).toFixed(3)}, ${(high ?? 1).toFixed(3)}]`;

/** Who is shown to be worse than the one with the highest nDCG, and who is not. */
function differences(options: readonly HybridOption[]): string {
  const rows = options.flatMap((option) =>
    option.againstFirst
      ? [[escapeText(nameOf(option, options)), differenceText(option.againstFirst), option.againstFirst.verdict]]
      : [],
  );
  if (rows.length === 0) return '';
  return [
    'nDCG against the strategy with the highest, query by query:',
    table(['strategy', 'difference [95 %]', 'verdict'], rows),
  ].join('\n\n');
}

const differenceText = ({ difference: { value, low, high } }: Difference): string =>
  `${signed(value)} [${signed(low ?? -1)}, ${signed(high ?? 1)}]`;

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** What an ORDER BY of one mixed expression costs, with figures. */
function mixedOrder(run: RunView, { options, best }: HybridAnswer): string {
  const option = options.find(({ strategy }) => strategy === 'mixed-order');
  const mixed = option && pointOfOption(run, option);
  const chosen = best === null ? undefined : pointOfOption(run, options[best]!);
  if (!mixed?.measured) return '';
  const { buffers } = mixed.measured;
  const against = chosen?.measured
    ? `, against ${quantileText(chosen.measured, 0.5)} ms and ${chosen.measured.buffers.mean.value.toFixed(0)} buffers of the recommendation`
    : '';
  return `**An \`ORDER BY\` on a mixed expression of distance and rank uses no index**: it took ${quantileText(mixed.measured, 0.5)} ms and ${buffers.mean.value.toFixed(0)} buffers a query (${planScans(mixed.measured.ranking?.plans ?? [])})${against}.`;
}

/** The vector leg on half precision, or on bits with re-ranking. */
function quantised(run: RunView, { options }: HybridAnswer): string {
  const others = options.filter(({ spec }) => spec.method !== 'none' && spec.representation !== 'vector');
  const sentences = others.flatMap((option) => {
    const full = options.find(
      ({ strategy, text, spec }) =>
        strategy === option.strategy && text.method === option.text.method && spec.representation === 'vector',
    );
    const [mine, theirs] = [pointOfOption(run, option)?.measured, full && pointOfOption(run, full)?.measured];
    if (option.outcome !== 'reaches')
      return [
        `${optionText(option, options)}: ${escapeText(option.why === null ? option.outcome : whyText(run, option.why))}`,
      ];
    if (!mine || !theirs) return [];
    return [
      `${optionText(option, options)}: p50 ${quantileText(mine, 0.5)} ms against ${quantileText(theirs, 0.5)} ms on full vectors`,
    ];
  });
  return sentences.length === 0 ? '' : ['The vector leg on quantised indexes:', list(sentences)].join('\n\n');
}

function legs(run: RunView, { legs: keys, best, options }: HybridAnswer): string {
  const whole = best === null ? undefined : pointOfOption(run, options[best]!);
  const rows = (
    [
      ['vector leg', keys.vector],
      ['text leg', keys.text],
    ] as const
  ).flatMap(([name, key]) => {
    const point = key === null ? undefined : run.workloadPoints.get(key);
    return point ? [legRow(run, `${name}, ${point.request.workload.k} rows`, point)] : [];
  });
  if (rows.length === 0 || !whole) return '';
  return [
    '### What each leg takes',
    'The legs of the recommendation alone, at its depth, measured side by side.',
    table(
      ['', latencyHeading(run, 'p50 ms'), latencyHeading(run, 'p95 ms'), 'buffers>', 'rows of the exact leg'],
      [...rows, legRow(run, 'the whole', whole)],
    ),
  ].join('\n\n');
}

function legRow(run: RunView, name: string, { measured, status, reason }: PointRecord): readonly string[] {
  if (!measured) return [name, `${status}: ${escapeText(reasonText(run, reason))}`, '', '', ''];
  return [
    name,
    quantileText(measured, 0.5),
    quantileText(measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    recallText(measured.recall.mean),
  ];
}

const SHOWN_VARIANTS = 6;

/** What weights and constants come to, by the judgements; or how little or much they change. */
function weights({ fusions, judged, k }: HybridAnswer): string {
  const tuned = fusions.filter(({ variants }) => variants.length > 1);
  if (tuned.length === 0) return '';
  const parts = tuned.map((fusion) =>
    judged === null ? unjudgedWeights(fusion, fusions, k) : judgedWeights(fusion, fusions),
  );
  return [
    '### Weights and constants',
    judged === null
      ? `From exact legs: of the ${k} rows that equal weights give, so many come back with others.`
      : 'From exact legs, over the judged queries, against equal weights and defaults. A variant is taken only if cross-validation shows it to be better on queries that had no part in choosing it.',
    ...parts,
  ].join('\n\n');
}

function judgedWeights(fusion: FusionChoice, all: readonly FusionChoice[]): string {
  const { variants, gain, choicesByFold } = fusion;
  const verdict = !gain
    ? 'There are too few judged queries to choose by.'
    : gain.verdict === 'better'
      ? `Chosen: ${code(variantText(fusion.settings, fusion))}; it brings ${differenceText(gain)} nDCG on unseen queries.`
      : gain.verdict === 'worse'
        ? `Choosing by these queries makes unseen ones worse (${differenceText(gain)}): equal weights stay.`
        : `**No difference shown**: choosing brings ${differenceText(gain)} nDCG on unseen queries, so equal weights stay.`;
  const folds =
    choicesByFold !== null && choicesByFold > 1
      ? ` ${choicesByFold} different variants were the best without one tenth of the queries or another.`
      : '';
  const compared = variants
    .flatMap((variant) => (variant.againstBase ? [{ ...variant, againstBase: variant.againstBase }] : []))
    .toSorted((a, b) => b.againstBase.difference.value - a.againstBase.difference.value);
  const usual = compared.filter(({ settings }) => settings['vector_weight'] === 0.7);
  const shown = [...new Set([...compared.slice(0, SHOWN_VARIANTS), ...usual])];
  return [
    `**${escapeText(nameOf(fusion, all))}**. ${verdict}${folds}`,
    table(
      ['variant', 'nDCG against equal weights [95 %]', 'verdict', 'rows in common>'],
      shown.map(({ settings, againstBase, overlapWithBase }) => [
        code(variantText(settings, fusion)),
        differenceText(againstBase),
        againstBase.verdict,
        formatPercent(overlapWithBase, 0),
      ]),
    ),
  ].join('\n\n');
}

function unjudgedWeights(fusion: FusionChoice, all: readonly FusionChoice[], k: number): string {
  const cells = fusion.variants
    .slice(1)
    .filter(({ settings }) => isDefaultBesideWeight(settings, fusion))
    .map(
      ({ settings, overlapWithBase }) => `${Number(settings['vector_weight'])}: ${(k * overlapWithBase).toFixed(1)}`,
    );
  if (cells.length === 0) return '';
  return `${escapeText(nameOf(fusion, all))}, by the weight of the vector leg: ${cells.join(', ')}.`;
}

const isDefaultBesideWeight = (settings: HybridOption['settings'], { base }: FusionChoice): boolean =>
  Object.entries(settings).every(([name, value]) => name === 'vector_weight' || base[name] === value);

/** What tells a variant from the others. */
function variantText(settings: HybridOption['settings'], { variants }: FusionChoice): string {
  const differing = Object.entries(settings).filter(([name]) =>
    variants.some((other) => other.settings[name] !== variants[0]!.settings[name]),
  );
  const text = describeSettings(Object.fromEntries(differing));
  return text === '–' ? 'defaults' : text;
}

function depths({ fusions }: HybridAnswer): string {
  const rows = fusions.flatMap((fusion) =>
    fusion.depths.map(({ side, measure, deepest, points, enough }) => [
      escapeText(nameOf(fusion, fusions)),
      side,
      points.map(({ depth, againstDeepest }) => `${depth}: ${differenceText(againstDeepest)}`).join('; '),
      `${enough}${enough === deepest ? ' (the deepest looked at)' : ''}`,
      measure === 'ndcg' ? 'nDCG' : 'rows in common',
    ]),
  );
  if (rows.length === 0) return '';
  return [
    '### How many candidates a leg needs',
    'Exact legs, one cut off, the other at the deepest: what is lost against the deepest, and the least depth from which on that is shown not to matter.',
    table(['fusion', 'leg', 'against the deepest [95 %]', 'enough>', 'measured in'], rows),
  ].join('\n\n');
}

function remarksOn(run: RunView, options: readonly HybridOption[]): string {
  const points = options.flatMap((option) => pointOfOption(run, option) ?? []);
  const text = remarks(
    run,
    points.flatMap(({ findings }) => findings),
    'points',
  );
  return text === '' ? '' : `Remarks on these points:\n\n${text}`;
}

const pointOfOption = (run: RunView, { point }: HybridOption): PointRecord | undefined =>
  point === null ? undefined : run.workloadPoints.get(point);
