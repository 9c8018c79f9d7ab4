import { describeSettings } from '../../../indexes/index.js';
import type { HybridAnswer, HybridOption, Judged, Measured } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { latencyHeading, planScans, type RunView } from '../run-view.js';
import { quantileMsText, quantileText, recallCell } from '../../text/figures.js';
import { differenceText, obstacleText, optionName, optionText, pointOfOption, qualityText } from './names.js';

/** Every strategy with its figures, or why it has none, and how they compare by what people judged. */
export function hybridStrategiesPart(run: RunView, answer: HybridAnswer): string {
  return [
    `### ${run.texts.sections.hybridSections.everyStrategy}`,
    figures(run, answer),
    settingsLegend(run, answer),
    differences(run, answer),
    mixedOrder(run, answer),
    quantised(run, answer),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function figures(run: RunView, { options, best, judged }: HybridAnswer): string {
  const { words, hybridSections: texts } = run.texts.sections;
  const rows = options.map((option, position) => {
    const point = pointOfOption(run, option);
    const measured = point?.measured;
    const name = escapeText(optionName(run, option, options));
    const head = [position === best ? `**${name}**` : name, escapeText(describeSettings(option.settings))];
    const why = escapeText(obstacleText(run, option.why));
    const blank = Array.from({ length: judged === null ? 6 : 9 }, () => '');
    if (!measured) return [...head, `${words.outcome[option.outcome]}${why === '' ? '' : `: ${why}`}`, ...blank];
    const builds = option.builds.flatMap((key) => run.builds.get(key) ?? []);
    return [
      ...head,
      `${recallCell(run, measured.recall.mean, { isExact: option.spec.method === 'none' })}${option.outcome === 'reaches' ? '' : `. ${why}`}`,
      measured.ranking ? measured.ranking.rbo.value.toFixed(3) : '',
      ...(judged === null ? [] : qualityCells(measured.ranking?.judged ?? null)),
      quantileText(run, measured, 0.5),
      measured.buffers.mean.value.toFixed(0),
      formatBytes(builds.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0)),
      formatMs(1000 * builds.reduce((sum, { seconds }) => sum + seconds, 0)),
      planScans(run, measured.ranking?.plans ?? []),
    ];
  });
  const quality = judged === null ? [] : ['nDCG [95 %]', 'MRR', texts.relevantRecall];
  const headers = [
    words.strategy,
    words.settings,
    texts.exactFusion,
    `${texts.order}>`,
    ...quality,
    latencyHeading(run, 'p50 ms'),
    `${words.buffers}>`,
    `${words.indexes}>`,
    `${words.build}>`,
    words.plan,
  ];
  return [texts.figures, table(headers, rows)].join('\n\n');
}

function qualityCells(judged: Judged | null): readonly string[] {
  if (!judged) return ['', '', ''];
  return [qualityText(judged.ndcg), judged.reciprocalRank.value.toFixed(3), judged.recall.value.toFixed(3)];
}

/** What the settings in the table mean. */
function settingsLegend({ texts }: RunView, { options }: HybridAnswer): string {
  const used = new Set(options.flatMap(({ settings }) => Object.keys(settings)));
  const known = Object.entries(texts.hybrid.settings).filter(([name]) => used.has(name));
  return known.map(([name, meaning]) => `*${name}*: ${escapeText(meaning)}.`).join(' ');
}

/** Who is shown to be worse than the one with the highest nDCG, and who is not. */
function differences(run: RunView, { options, decision }: HybridAnswer): string {
  const { words, hybridSections: texts } = run.texts.sections;
  const rows = options.flatMap((option) =>
    option.againstHighest
      ? [
          [
            escapeText(optionName(run, option, options)),
            differenceText(option.againstHighest),
            words.verdict[option.againstHighest.verdict],
          ],
        ]
      : [],
  );
  if (rows.length === 0 || !('highest' in decision.data)) return '';
  const highest = escapeText(optionName(run, options[decision.data.highest]!, options));
  return [texts.differences(highest), table([words.strategy, texts.difference, texts.verdict], rows)].join('\n\n');
}

/** What an ORDER BY of one mixed expression costs, with figures. */
function mixedOrder(run: RunView, { options, best }: HybridAnswer): string {
  const position = options.findIndex(({ strategy }) => strategy === 'mixed-order');
  const mixed = position < 0 ? undefined : pointOfOption(run, options[position]!);
  const chosen = best === null || best === position ? undefined : pointOfOption(run, options[best]!);
  if (!mixed?.measured) return '';
  const cost = (measured: Measured) => ({
    p50: quantileMsText(run, measured, 0.5),
    buffers: measured.buffers.mean.value.toFixed(0),
  });
  return run.texts.sections.hybridSections.mixedOrder(
    { ...cost(mixed.measured), plan: planScans(run, mixed.measured.ranking?.plans ?? []) },
    chosen?.measured ? cost(chosen.measured) : null,
  );
}

/** The vector leg on half precision, or on bits with re-ranking. */
function quantised(run: RunView, { options }: HybridAnswer): string {
  const { hybridSections: texts } = run.texts.sections;
  const others = options.filter(({ spec }) => spec.method !== 'none' && spec.representation !== 'vector');
  const sentences = others.flatMap((option) => {
    const full = options.find(
      ({ strategy, text, spec }) =>
        strategy === option.strategy &&
        text.method === option.text.method &&
        spec.method !== 'none' &&
        spec.representation === 'vector',
    );
    const [mine, theirs] = [pointOfOption(run, option)?.measured, full && pointOfOption(run, full)?.measured];
    if (option.outcome !== 'reaches') return [lossText(run, option, options)];
    if (!mine || !theirs) return [];
    const name = optionText(run, option, options);
    return [texts.againstFull(name, quantileMsText(run, mine, 0.5), quantileMsText(run, theirs, 0.5))];
  });
  return sentences.length === 0 ? '' : [texts.quantised, list(sentences)].join('\n\n');
}

const lossText = (run: RunView, option: HybridOption, all: readonly HybridOption[]): string =>
  `${optionText(run, option, all)}: ${escapeText(option.why === null ? run.texts.sections.words.outcome[option.outcome] : obstacleText(run, option.why))}`;
