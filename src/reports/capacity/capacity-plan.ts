import {
  type GrowthFacts,
  type GrowthFigure,
  type GrowthPlan,
  type HeldOut,
  type Horizon,
  measuredFigure,
} from '../../capacity/index.js';
import { indexKind, recallKnob } from '../../indexes/index.js';
import type { RunManifest } from '../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../units.js';
import { escapeText, list, table } from '../text/markdown.js';
import type { RunTexts } from '../text/run-texts.js';
import { pastOneServer } from './past-one-server.js';
import { type FigureText, figureText, intervalText, limitText } from './figures.js';

export const GROWTH_CHART_FILE = 'growth.svg';

/** What the plan is written from. */
export interface CapacityView {
  readonly manifest: RunManifest;
  readonly facts: GrowthFacts;
  readonly plan: GrowthPlan;
  readonly texts: RunTexts;
}

const textOf = (view: CapacityView, figure: GrowthFigure): FigureText => figureText(view, figure, knobName(view));

const knobName = ({ facts }: CapacityView): string =>
  recallKnob(indexKind(facts.spec.method), facts.spec.parameters)?.name ?? 'knob';

/** `capacity_plan.md`: the decision, then what it rests on. */
export function capacityPlan(view: CapacityView): string {
  const sections = [
    `# ${view.texts.sections.capacity.title(escapeText(view.manifest.dataset.name))}`,
    ...decision(view),
    ...outlook(view),
    ...heldOut(view),
    ...memory(view),
    ...throughput(view),
    ...cost(view),
    ...pastOne(view),
    ...method(view),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Three digits: an extrapolation shows no more. */
const aboutRows = (rows: number): string => formatCount(Number(rows.toPrecision(3)));

/** Two or three sentences: for how many rows the server suffices, and what then. Plain text, one a line. */
export function decisionLines(view: CapacityView): readonly string[] {
  const { plan, texts } = view;
  const { capacity } = texts.sections;
  const [first, second] = plan.limits;
  if (first === undefined) return [capacity.suffices(formatCount(plan.toRows))];
  const { why, remedy } = limitText(view, first, knobName(view));
  const until =
    first.rows < plan.rows
      ? capacity.doesNotSuffice(formatCount(plan.rows), aboutRows(first.rows), why)
      : capacity.sufficesUpTo(aboutRows(first.rows), why);
  return [
    until,
    remedy,
    ...(second ? [capacity.next(aboutRows(second.rows), limitText(view, second, knobName(view)).why)] : []),
  ];
}

function decision(view: CapacityView): readonly string[] {
  const { facts, manifest, texts } = view;
  const { capacity } = texts.sections;
  return [
    `## ${capacity.decision}`,
    decisionLines(view).join(' '),
    capacity.restsOn({
      spec: escapeText(texts.names.spec(facts.spec)),
      recall: facts.target.recall,
      sizes: facts.points.length,
      rows: view.plan.rows,
    }),
    ...(manifest.dataset.synthetic ? [capacity.generated] : []),
    ...(manifest.server.kind === 'embedded' ? [capacity.embedded] : []),
  ];
}

function outlook(view: CapacityView): readonly string[] {
  const { facts, plan, texts } = view;
  const { capacity, words } = texts.sections;
  const figures = plan.laws.map(({ figure }) => figure);
  const withReads = plan.horizons.some(({ p50WithReadsMs }) => p50WithReadsMs !== null);
  const headers = [
    `${words.rows}>`,
    ...figures.map((figure) => `${textOf(view, figure).title}>`),
    ...(withReads ? [`${capacity.withReads}>`] : []),
  ];
  const measured = facts.points.map((point) => [
    formatCount(point.rows),
    ...figures.map((figure) => {
      const value = measuredFigure(figure, point);
      return value === null ? '–' : textOf(view, figure).text(value);
    }),
    ...(withReads ? ['–'] : []),
  ]);
  const cell = (horizon: Horizon, figure: (typeof figures)[number]): string => {
    const predicted = horizon.figures[figure];
    if (predicted) return intervalText(predicted, textOf(view, figure));
    return figure === 'buildSeconds' && horizon.spills ? capacity.outgrowsMemory : '–';
  };
  const extrapolated = plan.horizons
    .filter((horizon) => !horizon.measured)
    .map((horizon) => [
      formatCount(horizon.rows),
      ...figures.map((figure) => cell(horizon, figure)),
      ...(withReads ? [horizon.p50WithReadsMs === null ? '–' : formatMs(horizon.p50WithReadsMs)] : []),
    ]);
  const lowest = facts.points.filter(({ isLowest }) => isLowest);
  return [
    `## ${capacity.measured}`,
    table(headers, measured),
    ...(lowest.length === 0 ? [] : [capacity.lowest(lowest.at(-1)!.rows, knobName(view))]),
    `## ${capacity.extrapolated}`,
    table(headers, extrapolated),
    `![${capacity.image}](${GROWTH_CHART_FILE})`,
    ...(withReads ? [capacity.withReadsLegend] : []),
  ];
}

function heldOut(view: CapacityView): readonly string[] {
  const { heldOut: tests } = view.plan;
  const { capacity } = view.texts.sections;
  if (tests.length === 0) return [`## ${capacity.test}`, capacity.noTest];
  const [{ fromRows, rows }] = tests as [HeldOut];
  const covered = tests.filter((test) => test.covered).length;
  return [
    `## ${capacity.test}`,
    capacity.tested({ fromRows, rows, covered, of: tests.length }),
    table(
      [capacity.figure, `${capacity.predicted}>`, `${capacity.measuredColumn}>`, `${capacity.error}>`, capacity.within],
      tests.map(({ figure, predicted, measured, error, covered: inside }) => [
        textOf(view, figure).title,
        intervalText(predicted, textOf(view, figure)),
        textOf(view, figure).text(measured),
        errorText(error),
        inside ? capacity.yes : capacity.no,
      ]),
    ),
  ];
}

/** How far each forecast of the largest size was off; plain text, one a line. */
export function heldOutLines(view: CapacityView): readonly string[] {
  const width = Math.max(...view.plan.heldOut.map(({ figure }) => textOf(view, figure).title.length));
  return view.plan.heldOut.map(
    ({ figure, error, covered }) =>
      `${textOf(view, figure).title.padEnd(width)}  ${errorText(error)}${covered ? '' : `  ${view.texts.sections.capacity.outside}`}`,
  );
}

const errorText = (error: number): string => `${error >= 0 ? '+' : '−'}${formatPercent(Math.abs(error))}`;

function memory({ plan, facts, texts }: CapacityView): readonly string[] {
  const { capacity, words } = texts.sections;
  if (plan.cacheBytes === null) return [`## ${capacity.memory}`, capacity.unknownMemory];
  return [
    `## ${capacity.memory}`,
    capacity.fits(plan.cacheBytes, facts.server.sharedBuffersBytes),
    table(
      [capacity.representation, `${words.rows}>`],
      plan.fits.map(({ representation, rows }) => [representation, aboutRows(rows)]),
    ),
    capacity.lossless,
  ];
}

function throughput({ plan, facts, texts }: CapacityView): readonly string[] {
  const { scalability: law, highestRate } = plan;
  if (highestRate === null) return [];
  const { cores } = facts.server;
  const { capacity } = texts.sections;
  const lines = [capacity.highestRate(highestRate, cores === null ? null : highestRate / cores)];
  if (law !== null) {
    const bounded = ({ value, low, high }: typeof law.sigma): string =>
      value === 0 && high === 0
        ? '0'
        : low === null || high === null
          ? value.toPrecision(3)
          : `${value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
    lines.push(
      capacity.scalability({
        lambda: law.lambda.toPrecision(3),
        sigma: bounded(law.sigma),
        kappa: bounded(law.kappa),
        peakClients: law.peakClients,
      }),
    );
  }
  return [`## ${capacity.throughput}`, list(lines)];
}

function cost({ plan, texts }: CapacityView): readonly string[] {
  if (plan.machines.length === 0) return [];
  const { capacity } = texts.sections;
  return [
    `## ${capacity.cost}`,
    capacity.costIntro(plan.toRows),
    table(
      [
        capacity.machine,
        `${capacity.servers}>`,
        capacity.indexFits,
        `${capacity.rateEach}>`,
        `${capacity.perMonth}>`,
        `${capacity.perMillion}>`,
      ],
      plan.machines.map(({ name, servers, fits, ratePerSecond, totalMonth, perMillion }) => [
        escapeText(name),
        formatCount(servers),
        fits ? capacity.yes : capacity.no,
        formatCount(ratePerSecond),
        totalMonth.toFixed(2),
        perMillion.toFixed(4),
      ]),
    ),
  ];
}

function pastOne({ facts, plan, manifest, texts }: CapacityView): readonly string[] {
  const { k } = manifest.config as { readonly k: number };
  return pastOneServer({ facts, plan, metric: manifest.metric, k, texts });
}

function method(view: CapacityView): readonly string[] {
  const { capacity } = view.texts.sections;
  const powers = view.plan.laws.map(({ figure, power, powerSd, sizes }) => ({
    figure: textOf(view, figure).title,
    power: power.toFixed(3),
    sd: powerSd.toFixed(3),
    sizes,
  }));
  return [`## ${capacity.method}`, list([...capacity.methods, capacity.powers(powers), ...capacity.assumptions])];
}
