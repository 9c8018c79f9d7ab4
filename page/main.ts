import type { PageData, PagePoint } from '../src/reports/page/data.js';
import { drawCdf } from './cdf.js';
import { choose } from './choose.js';
import { recallText } from '../src/reports/text/figures.js';
import { formatBytes, formatCount, formatMs } from '../src/units.js';
import { msText, quantile, recallOf } from './figures.js';
import { drawPareto, moved, type Region, regionOf } from './pareto.js';
import { byId } from './svg.js';

const data = JSON.parse(byId('data', HTMLScriptElement).textContent) as PageData;
const chart = byId('pareto', SVGSVGElement);
const whole: Region = regionOf(data.points);

const state = {
  region: whole,
  selected: data.points.findIndex(({ record }) => record.key === data.recommended),
};

const sliders = {
  recall: byId('recall', HTMLInputElement),
  p95: byId('p95', HTMLInputElement),
  bytes: byId('bytes', HTMLInputElement),
};

/**
 * A slider from 0 to 1000 on a logarithmic scale; its end is no bound.
 *
 * @param bound of the run's own target: the slider stands for exactly this value where it begins
 */
function scaleOf(values: readonly number[], bound: number | undefined) {
  const low = Math.min(...values) * 0.9;
  const high = Math.max(...values) * 1.1;
  const start =
    bound === undefined
      ? 1000
      : Math.round(Math.min(999, Math.max(0, (1000 * Math.log(bound / low)) / Math.log(high / low))));
  return {
    start,
    valueOf(slider: HTMLInputElement): number | undefined {
      if (slider.valueAsNumber === start) return bound;
      return slider.valueAsNumber >= 1000 ? undefined : low * (high / low) ** (slider.valueAsNumber / 1000);
    },
  };
}

const positive = (values: readonly number[]): readonly number[] =>
  values.filter((value) => value > 0 && Number.isFinite(value));
const tails = positive(data.points.map((point) => quantile(point, 0.95)?.high ?? 0));
const p95Scale = scaleOf(tails.length > 0 ? tails : [1], data.target?.p95Ms);
const sizes = positive(data.builds.map(({ record }) => record.index?.bytes ?? 0));
const bytesScale = scaleOf(sizes.length > 0 ? sizes : [1], data.target?.indexBytes);

const boundsNow = () => {
  const [p95Ms, indexBytes] = [p95Scale.valueOf(sliders.p95), bytesScale.valueOf(sliders.bytes)];
  return {
    recall: sliders.recall.valueAsNumber,
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(indexBytes === undefined ? {} : { indexBytes }),
  };
};

const toggles = [...document.querySelectorAll<HTMLInputElement>('input[data-toggle]')];

/** A point is shown when neither its kind of index nor its representation was unticked. */
function isShown({ build }: PagePoint): boolean {
  const { method, representation } = data.builds[build]!.record.request.spec;
  return toggles.every(
    ({ checked, dataset, value }) => checked || (dataset['toggle'] === 'kind' ? method : representation) !== value,
  );
}

function describe(point: PagePoint): string {
  const { name, settings, build, record, isConclusion, isDisturbed } = point;
  const { index, seconds } = data.builds[build]!.record;
  const parts = [
    settings === '–' ? name : `${name}, ${settings}`,
    `recall ${recallText(recallOf(point))}`,
    `p50 ${msText(quantile(point, 0.5))}`,
    `p95 ${msText(quantile(point, 0.95))}`,
    `${formatCount(record.measured!.buffers.mean.value)} buffers a query`,
    ...(index ? [`index ${formatBytes(index.bytes)}, built in ${formatMs(1000 * seconds)}`] : []),
    isConclusion ? 'measured interleaved with its rivals' : 'measured once, during the search',
    ...(isDisturbed ? ['disturbed while it was measured'] : []),
  ];
  return `${parts.join('; ')}.`;
}

function update(): void {
  const bounds = boundsNow();
  const chosen = choose(data, bounds);
  byId('recall-value', HTMLOutputElement).textContent = bounds.recall.toFixed(3);
  byId('p95-value', HTMLOutputElement).textContent = bounds.p95Ms === undefined ? 'no bound' : formatMs(bounds.p95Ms);
  byId('bytes-value', HTMLOutputElement).textContent =
    bounds.indexBytes === undefined ? 'no bound' : formatBytes(bounds.indexBytes);
  sliders.recall.setAttribute('aria-valuetext', bounds.recall.toFixed(3));
  sliders.p95.setAttribute('aria-valuetext', byId('p95-value', HTMLOutputElement).textContent);
  sliders.bytes.setAttribute('aria-valuetext', byId('bytes-value', HTMLOutputElement).textContent);
  byId('choice', HTMLElement).textContent =
    chosen === null
      ? 'None of the points that were measured interleaved meets these bounds.'
      : describe(data.points[chosen]!);
  draw(chosen);
}

function draw(chosen: number | null = choose(data, boundsNow())): void {
  const selected = state.selected >= 0 && isShown(data.points[state.selected]!) ? state.selected : null;
  drawPareto(chart, {
    data,
    region: state.region,
    isShown,
    chosen,
    selected,
    targetRecall: sliders.recall.valueAsNumber,
    onSelect(position) {
      if (position === state.selected) return;
      state.selected = position;
      draw();
    },
  });
  byId('details', HTMLElement).textContent =
    selected === null ? 'No point is selected.' : describe(data.points[selected]!);
  const drawn = [...new Set([chosen, selected].filter((position) => position !== null))];
  const curves = drawCdf(byId('cdf', SVGSVGElement), data, drawn);
  byId('cdf-names', HTMLElement).textContent =
    curves === 0
      ? 'The page holds no single times of these points.'
      : drawn.map((position) => `${data.points[position]!.name}, ${data.points[position]!.settings}`).join(' and ');
}

/** Moves the selection among the points that are shown, by latency. */
function selectNext(step: number): void {
  const order = [...data.points.keys()]
    .filter((position) => isShown(data.points[position]!))
    .sort((a, b) => (quantile(data.points[a]!, 0.5)?.value ?? 0) - (quantile(data.points[b]!, 0.5)?.value ?? 0));
  if (order.length === 0) return;
  const now = order.indexOf(state.selected);
  state.selected = order[(Math.max(now, step > 0 ? -1 : 0) + step + order.length) % order.length]!;
  draw();
}

function zoom(factor: number, move: readonly [number, number] = [0, 0]): void {
  state.region = factor === 0 ? whole : moved(state.region, factor, move);
  draw();
}

const STEP = 0.2;
const KEYS: Readonly<Record<string, () => void>> = {
  ArrowRight: () => selectNext(1),
  ArrowLeft: () => selectNext(-1),
  '+': () => zoom(0.7),
  '=': () => zoom(0.7),
  '-': () => zoom(1 / 0.7),
  '0': () => zoom(0),
  d: () => zoom(1, [STEP, 0]),
  a: () => zoom(1, [-STEP, 0]),
  w: () => zoom(1, [0, STEP]),
  s: () => zoom(1, [0, -STEP]),
};

chart.addEventListener('keydown', (event) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
byId('zoom-in', HTMLButtonElement).addEventListener('click', () => zoom(0.7));
byId('zoom-out', HTMLButtonElement).addEventListener('click', () => zoom(1 / 0.7));
byId('zoom-reset', HTMLButtonElement).addEventListener('click', () => zoom(0));
for (const toggle of toggles) toggle.addEventListener('change', () => draw());
for (const slider of Object.values(sliders)) slider.addEventListener('input', update);
byId('reset', HTMLButtonElement).addEventListener('click', () => {
  setSliders();
  update();
});

function setSliders(): void {
  sliders.recall.value = String(data.target?.recall ?? 0.95);
  sliders.p95.value = String(p95Scale.start);
  sliders.bytes.value = String(bytesScale.start);
}

setSliders();
update();
