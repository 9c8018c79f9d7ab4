import { textOf } from '../text/index.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { BuildRecord, Choice, Measured, PointRecord, TuneAnswer } from '../../results/index.js';
import { GOAL_TITLES } from '../../tune/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';
import { adviceSection } from './advice.js';
import { buildVarianceSection, knowsBuildVariance } from './build-variance.js';
import { conditionsRows } from './conditions.js';
import { coldSection } from './cold.js';
import { type Costs, costSection } from './cost.js';
import { filteredSection } from './filtered.js';
import { frontSection } from './front.js';
import { hybridSection } from './hybrid.js';
import { latencySection } from './latency.js';
import { code, escapeText, list, sqlBlock, table } from '../text/markdown.js';
import { plannerSection } from './planner.js';
import { recommendationSql } from './recommendation-sql.js';
import { remarks } from './remarks.js';
import {
  reasonText,
  choicePoint,
  describeBuild,
  describeChoice,
  latencyHeading,
  pointOf,
  type PointView,
  quantileText,
  recallText,
  recommendedRecall,
  type RunView,
  withReason,
} from './run-view.js';
import { throughputSection } from './throughput.js';

/** Name of the chart that the report shows; it lies beside it. */
export const CHART_FILE = 'recall-latency.svg';

/**
 * `vector_optimization.md`: what to run, why, how sure it is, and what nobody knows.
 *
 * @param options.costs what a buffer costs, see {@link fitCosts}; without it that section is left out
 */
export function vectorOptimization(run: RunView, { costs = new Map() }: { readonly costs?: Costs } = {}): string {
  const answer = run.answer?.kind === 'tune' ? run.answer : undefined;
  const sections = [
    `# Vector index optimization: ${escapeText(run.manifest.dataset.name)}`,
    verdict(run, answer),
    ...(answer ? [whatToRun(run, answer), why(run, answer), notReached(answer), adviceSection(run)] : []),
    chart(run),
    frontSection(run),
    plannerSection(run),
    latencySection(run),
    coldSection(run),
    throughputSection(run),
    filteredSection(run),
    hybridSection(run),
    costSection(costs),
    indexes(run),
    buildVarianceSection(run),
    ...(answer ? [rejected(run, answer)] : []),
    allPoints(run),
    unknown(run),
    howMeasured(run),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function verdict(run: RunView, answer: TuneAnswer | undefined): string {
  if (!run.answer)
    return '> **The run is unfinished.** What follows is what was measured so far; continue it with `--resume`.';
  if (!answer)
    return 'Every combination that the configuration names was measured. There is no recommendation: `pgvtune tune` makes one.';
  if (answer.verdict === 'not asked') return 'Plain nearest neighbours were not asked for; what was is below.';
  const chosen = choicePoint(run, answer.recommendation);
  if (!chosen?.measured || !answer.recommendation) {
    if (answer.nearest.length === 0)
      return `**Nothing is known.** ${escapeText(withReason(run, answer.because, answer.reason))}`;
    return `**Not reached.** ${escapeText(answer.because)} The nearest points are listed below.\n\nAsked for: ${targetText(answer.target)}.`;
  }
  const { measured, build } = chosen;
  const { value, low, high } = recommendedRecall(answer, measured);
  const percent = (share: number): string => formatPercent(share, 2);
  return [
    `**Use ${escapeText(describeChoice(answer.recommendation))}.**`,
    '',
    `Asked for: ${targetText(answer.target)}.`,
    '',
    `It finds ${percent(value)} of the ${chosen.point.request.workload.k} nearest rows ` +
      `(95 % interval ${percent(low ?? 0)} to ${percent(high ?? 1)}, ${sampleText(answer, measured)})${distanceText(measured)} at a median of ${quantileText(measured, 0.5)} ms ` +
      `and a 95th percentile of ${quantileText(measured, 0.95)} ms on ${escapeText(run.manifest.server.label)}. ` +
      (build.index
        ? `The index takes ${formatBytes(build.index.bytes)} and ${formatMs(build.seconds * 1000)} to build. `
        : '') +
      escapeText(answer.because),
    ...(run.manifest.dataset.synthetic
      ? [
          '',
          '> The vectors were **generated**. This shows what pgvtune does; it is no recommendation for a real table.',
        ]
      : []),
  ].join('\n');
}

/** What was to be reached, and what was to be least. */
function targetText({
  recall,
  p95Ms,
  indexBytes,
  buildMemoryBytes,
  buildSeconds,
  minimise,
}: TuneAnswer['target']): string {
  const bounds = [
    `a recall of at least ${recall}, by the lower end of its interval`,
    ...(p95Ms === undefined ? [] : [`a 95th percentile of at most ${formatMs(p95Ms)}`]),
    ...(indexBytes === undefined ? [] : [`an index of at most ${formatBytes(indexBytes)}`]),
    ...(buildMemoryBytes === undefined ? [] : [`a build in ${formatBytes(buildMemoryBytes)} of memory`]),
    ...(buildSeconds === undefined ? [] : [`a build of at most ${formatMs(1000 * buildSeconds)}`]),
  ];
  return `${bounds.join('; ')}. Of all that meets this, the least ${GOAL_TITLES[minimise]}`;
}

/** What the interval of the recall rests on. */
function sampleText({ buildVariance }: TuneAnswer, { recall }: Measured): string {
  const builds = buildVariance ? `for any build, from ${buildVariance.builds.length}, ` : '';
  const needed = recall.queriesNeeded ? `; about ${formatCount(recall.queriesNeeded)} tell it to ±0.005` : '';
  return `${builds}${formatCount(recall.queries)} queries${needed}`;
}

/** How much farther the rows are than they could be. */
const distanceText = ({ recall: { distanceRatio } }: Measured): string =>
  typeof distanceRatio === 'number'
    ? `, rows that are on average ${formatPercent(distanceRatio - 1, 2)} farther away than the exact ones,`
    : '';

function whatToRun(run: RunView, { recommendation }: TuneAnswer): string {
  const chosen = choicePoint(run, recommendation);
  if (!recommendation || !chosen) return '';
  const sql = recommendationSql(run.manifest, recommendation, chosen.point.request.workload.k);
  if (sql.build.length === 0) {
    return ['## What to run', 'No index on the vectors. The exact scan is quick enough:', sqlBlock(sql.query)].join(
      '\n\n',
    );
  }
  return [
    '## What to run',
    'Put the names of your table, column and role in. Build without blocking writes, in a session of its own:',
    sqlBlock(sql.build),
    'Set what the query needs inside its transaction. This is safe behind a pooler: nothing outlives the `COMMIT`, and nobody else gets the setting.',
    sqlBlock(sql.query),
    'Or once for the role, when every query of it wants the same (new sessions only):',
    sqlBlock(sql.defaults),
    'Check that the index serves the query:',
    sqlBlock(sql.check),
    'To undo it all:',
    sqlBlock(sql.rollback),
  ].join('\n\n');
}

const comparison = (run: RunView): readonly string[] => [
  '',
  'index',
  'settings',
  'recall [95 %]',
  'worst, p5',
  'rows',
  latencyHeading(run, 'p50 ms'),
  latencyHeading(run, 'p95 ms'),
  'buffers>',
  'index size>',
  'build>',
  'plan',
];

function comparisonRow(run: RunView, name: string, choice: Choice, view: PointView | undefined): readonly string[] {
  const head = [name, escapeText(describeSpec(choice.spec)), escapeText(describeSettings(choice.settings))];
  if (!view) return [...head, 'not measured', '', '', '', '', '', '', '', ''];
  const { measured, build, point } = view;
  if (!measured)
    return [...head, `**${point.status}**`, '', '', '', '', '', '', '', escapeText(reasonText(run, point.reason))];
  return [
    ...head,
    recallText(measured.recall.mean),
    `${measured.recall.min.toFixed(2)}, ${measured.recall.p5.toFixed(2)}`,
    formatPercent(measured.completeness.mean),
    quantileText(measured, 0.5),
    quantileText(measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    // Of another run's point the index was another one.
    build.index && point.fromRun === undefined ? formatBytes(build.index.bytes) : '–',
    build.index && point.fromRun === undefined ? formatMs(build.seconds * 1000) : '–',
    planText(view),
  ];
}

function planText({ measured }: PointView): string {
  if (!measured) return '';
  const { node, index, checks } = measured.plan;
  return `${escapeText(node)}${index ? ` ${code(index)}` : ''} (${checks}×)`;
}

function why(run: RunView, answer: TuneAnswer): string {
  const { recommendation, runnerUp, baselines } = answer;
  const rows = [
    ...(recommendation
      ? [comparisonRow(run, '**recommended**', recommendation, choicePoint(run, recommendation))]
      : []),
    ...(runnerUp ? [comparisonRow(run, 'runner-up', runnerUp, choicePoint(run, runnerUp))] : []),
    ...baselines.map(({ name, choice }) => comparisonRow(run, escapeText(name), choice, choicePoint(run, choice))),
  ];
  if (rows.length === 0) return '';
  return [
    '## Why',
    `Measured side by side: the same queries, in alternating blocks on one backend, ${timedText(run, recommendation)}.${apartText(run, answer)} ` +
      'Recall counts ties; intervals are 95 %. *worst, p5*: the recall of the worst query, and of the worst twentieth. ' +
      '*rows*: rows returned over rows that exist. *plan*: the node and index that served the queries, and how often it was looked at.',
    table(comparison(run), rows),
    ...(baselines.length > 0 ? [baselineText(run, answer)] : []),
  ].join('\n\n');
}

/** What stands in the table without having been measured beside the others. */
function apartText(run: RunView, { recommendation, baselines }: TuneAnswer): string {
  const beside = choicePoint(run, recommendation)?.point.request;
  const exact = choicePoint(run, baselines.find(({ choice }) => choice.spec.method === 'none')?.choice ?? null);
  if (!beside || !exact?.measured || exact.point.request.from === beside.from) return '';
  return ` The exact scan was measured apart, on ${formatCount(exact.measured.recall.queries)} queries.`;
}

function timedText(run: RunView, recommendation: Choice | null): string {
  const n = choicePoint(run, recommendation)?.measured?.latencyMs.n;
  return n === undefined ? 'timed alike' : `${formatCount(n)} timed round trips each`;
}

/** What the reader would have got without measuring. */
function baselineText(run: RunView, { baselines, target }: TuneAnswer): string {
  const sentences = baselines.flatMap(({ name, source, choice }) => {
    const view = choicePoint(run, choice);
    if (!view) return [];
    const what = `**${escapeText(name)}** (${escapeText(source)}): ${escapeText(describeChoice(choice))}`;
    if (!view.measured) return [`${what}: ${view.point.status}, ${escapeText(reasonText(run, view.point.reason))}`];
    const { mean } = view.measured.recall;
    if (choice.spec.method === 'none') {
      return [
        `**${escapeText(name)}**: finds every neighbour, at a median of ${quantileText(view.measured, 0.5)} ms (${view.measured.latencyMs.n} queries).`,
      ];
    }
    const reaches = (mean.low ?? 0) >= target.recall ? 'reaches the target' : 'is not shown to reach the target';
    return [
      `${what}: recall ${recallText(mean)} at a median of ${quantileText(view.measured, 0.5)} ms; ${reaches} of ${target.recall}.`,
    ];
  });
  return `What you would have got without measuring:\n\n${list(sentences)}`;
}

function notReached({ verdict, nearest }: TuneAnswer): string {
  if (verdict !== 'not reached' || nearest.length === 0) return '';
  return [
    '## How close it came',
    table(
      ['index', 'settings', 'what is missing'],
      nearest.map(({ choice, misses }) => [
        escapeText(describeSpec(choice.spec)),
        escapeText(describeSettings(choice.settings)),
        escapeText(misses),
      ]),
    ),
  ].join('\n\n');
}

const chart = (run: RunView): string =>
  [...run.points.values()].some(({ measured }) => measured)
    ? `## Recall and latency\n\n![Recall against median latency](${CHART_FILE})\n\nStrong points were measured side by side, with their 95 % intervals; pale ones one after the other, while searching. A triangle stands for a recall below the axis.`
    : '';

function indexes(run: RunView): string {
  const built = [...run.builds.values()].filter(({ index, status }) => index || status === 'failed');
  if (built.length === 0) return '';
  const rows = built.map((build) => [
    escapeText(describeBuild(build)),
    build.index ? formatBytes(build.index.bytes) : '–',
    formatMs(build.seconds * 1000),
    escapeText(build.settings['maintenance_work_mem'] ?? '–'),
    build.status === 'ok' ? remarksOf(run, build) : `**failed**: ${escapeText(reasonText(run, build.reason))}`,
  ]);
  return [
    '## Index sizes and build times',
    table(['index', 'size>', 'build>', 'maintenance_work_mem>', 'remarks'], rows),
  ].join('\n\n');
}

const remarksOf = (run: RunView, { findings, fromRun }: BuildRecord): string =>
  [
    ...(fromRun === undefined ? [] : [`Built in run ${code(fromRun)}.`]),
    ...findings.map((finding) => escapeText(textOf(run.texts.findings, finding))),
  ].join(' ') || '–';

function rejected(run: RunView, { rejected }: TuneAnswer): string {
  if (rejected.length === 0) return '';
  const items = rejected.map(
    ({ choice, why, reason }) =>
      `**${escapeText(describeSpec(choice.spec))}**: ${escapeText(withReason(run, why, reason))}`,
  );
  return `## Looked at and not taken\n\n${list(items)}`;
}

function allPoints(run: RunView): string {
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  if (views.length === 0) return '';
  const rows = views.map((view) => {
    const { point, build } = view;
    const choice = { spec: build.request.spec, settings: point.request.settings, build: build.key, point: point.key };
    const [purpose, , settings, ...figures] = comparisonRow(run, purposeText(point), choice, view);
    return [purpose ?? '', escapeText(describeBuild(build)), settings ?? '', queriesText(point), ...figures];
  });
  const [name = '', index = '', settings = '', ...figures] = comparison(run);
  const lost = views.filter(({ measured }) => !measured).length;
  const note = lost > 0 ? ` ${lost} of them are void or failed: they have a reason and no figures.` : '';
  return [
    '## Every point',
    `All ${views.length} points of the run, in the order of measurement.${note} *search* points were taken one after the other; compare the times of *confirm* points only. *queries*: their places in the run's random order. The same as numbers: \`points.csv\`; raw samples: \`journal.ndjson\`.`,
    table([name, index, settings, 'queries', ...figures], rows),
    pointRemarks(run, views),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Which of the run's queries a point rests on: `334–1,000`. */
function queriesText({ request: { from = 0, queries } }: PointRecord): string {
  return `${formatCount(from + 1)}–${formatCount(from + queries)}`;
}

/** Why a point was measured; marked when it is another run's, and when the canary says that the machine changed meanwhile. */
const purposeText = ({ request, findings, fromRun }: PointRecord): string =>
  [
    request.purpose,
    ...(fromRun === undefined ? [] : [`of run ${code(fromRun)}`]),
    ...(findings.some(({ code }) => code === 'canary-moved') ? ['*machine changed*'] : []),
  ].join(', ');

function pointRemarks(run: RunView, views: readonly PointView[]): string {
  const text = remarks(
    run,
    views.flatMap(({ point }) => point.findings),
    'points',
  );
  return text === '' ? '' : `Remarks on them:\n\n${text}`;
}

function unknown(run: RunView): string {
  const { dataset, server } = run.manifest;
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  const best = run.answer?.kind === 'tune' ? choicePoint(run, run.answer.recommendation) : undefined;
  const { measured } = best ?? views.find((view) => view.measured) ?? { measured: null };
  const tail = measured?.latencyMs.quantiles.find(({ estimate }) => !estimate);
  return [
    '## What is not known',
    list([
      ...(dataset.synthetic ? ['How real vectors behave: these were generated.'] : []),
      ...(server.label.includes('WebAssembly')
        ? [
            'Native latencies: the server is PostgreSQL compiled to WebAssembly, one session, no parallel builds. Recall, plans, buffers and sizes are real; times only compare with each other.',
          ]
        : []),
      `Other sizes of the table: everything was measured at ${formatCount(dataset.rows)} rows. The setting that reaches a recall grows with the table.`,
      ...(knowsBuildVariance(run)
        ? []
        : [
            'Build variance: each index was built once, and how much another build of the same specification differs is unknown (`measure.repeats`). Levels and k-means are random; recall differs by some tenths of a point.',
          ]),
      ...(views.some(({ measured }) => measured?.cache.state === 'cold')
        ? ['A cold operating system: what was not in shared_buffers may still have been in its cache.']
        : ['Cold caches: every figure was taken with the index in memory (`measure.cache`).']),
      run.throughputs.size === 0
        ? 'Many clients at once: every figure is of one connection.'
        : 'More clients at once than those named under Throughput, and clients on other machines.',
      'Writes: inserts, updates and vacuum change an index over time.',
      ...(tail
        ? [
            `The tail of latency: the ${Number((100 * tail.p).toPrecision(4))}th percentile needs ${formatCount(tail.needs)} samples a point (\`measure.samples\`).`,
          ]
        : []),
    ]),
  ].join('\n\n');
}

function howMeasured(run: RunView): string {
  const { manifest, load } = run;
  const { dataset, server, client } = manifest;
  return [
    '## How it was measured',
    table(
      ['', ''],
      [
        ['run', `${code(manifest.run)}, ${escapeText(manifest.startedAt)}, pgvtune ${escapeText(manifest.pgvtune)}`],
        [
          'dataset',
          `${escapeText(dataset.name)}: ${formatCount(dataset.rows)} × ${dataset.dimensions}, ${formatCount(dataset.queries)} held-out queries, metric ${manifest.metric}, SHA-256 ${code(dataset.hash.slice(0, 16))}`,
        ],
        [
          'server',
          `PostgreSQL ${escapeText(server.version)}, pgvector ${escapeText(server.pgvector)}, ${escapeText(server.label)}`,
        ],
        [
          'settings',
          Object.entries(server.settings)
            .map(([name, value]) => `${escapeText(name)} = ${escapeText(value)}`)
            .join(', '),
        ],
        [
          'client',
          `Node ${escapeText(client.node)}, ${escapeText(client.platform)}, ${client.cores} × ${escapeText(client.cpu)}, ${formatBytes(client.memoryBytes)}`,
        ],
        ...conditionsRows(run),
        ...(load
          ? [
              [
                'load',
                `${formatCount(load.rows)} rows by ${load.method.toUpperCase()} in ${formatMs(load.seconds * 1000)}; table ${formatBytes(load.tableBytes)}`,
              ],
            ]
          : []),
      ],
    ),
  ].join('\n\n');
}
