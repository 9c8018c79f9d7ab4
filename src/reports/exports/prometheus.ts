import { latencyQuantile } from '../../analysis/index.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { AnswerRecord } from '../../results/index.js';
import { choicePoint, type RunView, viewRun } from '../tune/run-view.js';
import type { ExportFormat } from './format.js';
import { type Labels, type Metric, textOfMetrics } from './text-format.js';

/*
 * The text format of Prometheus, for the textfile collector of its node exporter. Series are few whatever a run measured:
 * those of the run, and of its recommendation.
 */

/** The run, its recommendation and the verdict of its gate as gauges, in base units. */
export const prometheusMetrics: ExportFormat<string> = (files) => {
  const run = viewRun(files);
  const finished = files.records.findLast((record) => record.type === 'answer');
  const { manifest } = run;
  const labels = { dataset: manifest.dataset.name, server: manifest.server.kind };
  const isReached = run.answer?.kind === 'tune' && run.answer.verdict === 'recommended';
  const gauge = (name: string, help: string, values: readonly (number | null)[]): Metric => ({
    name: `pgvtune_${name}`,
    type: 'gauge',
    help,
    samples: values.flatMap((value) => (value === null ? [] : [{ labels, value }])),
  });
  return textOfMetrics([
    gauge('run_finished_timestamp_seconds', 'When the run came to its answer.', [
      finished === undefined ? null : Date.parse(finished.finishedAt) / 1000,
    ]),
    gauge('target_reached', 'Whether a configuration reaches the target: 1 or 0.', [
      run.answer?.kind === 'tune' ? Number(isReached) : null,
    ]),
    gauge('dataset_rows', 'Rows of the dataset.', [manifest.dataset.rows]),
    ...recommendation(run, labels),
    ...gate(finished?.answer, labels),
  ]);
};

const QUANTILES = [0.5, 0.95, 0.99];

function recommendation(run: RunView, labels: Labels): readonly Metric[] {
  const view = run.answer?.kind === 'tune' ? choicePoint(run, run.answer.recommendation) : undefined;
  if (!view?.measured) return [];
  const { build, point, measured } = view;
  const of = (name: string, help: string, value: number | null): Metric => ({
    name: `pgvtune_recommended_${name}`,
    type: 'gauge',
    help: `${help} of the recommendation.`,
    samples: value === null ? [] : [{ labels, value }],
  });
  const { mean } = measured.recall;
  return [
    {
      name: 'pgvtune_recommended_info',
      type: 'gauge',
      help: 'What is recommended, in words; the value is 1.',
      samples: [
        {
          labels: {
            ...labels,
            index: describeSpec(build.request.spec),
            settings: describeSettings(point.request.settings),
          },
          value: 1,
        },
      ],
    },
    of('recall_ratio', 'Mean recall', mean.value),
    of('recall_lower_ratio', 'Lower end of the 95 % interval of the mean recall', mean.low),
    of('completeness_ratio', 'Rows returned over rows that exist, mean', measured.completeness.mean),
    {
      name: 'pgvtune_recommended_latency_seconds',
      type: 'gauge',
      help: 'Percentiles of the latency of the recommendation.',
      samples: QUANTILES.flatMap((p) => {
        const estimate = latencyQuantile(measured, p)?.estimate;
        return estimate ? [{ labels: { ...labels, percentile: `p${100 * p}` }, value: estimate.value / 1000 }] : [];
      }),
    },
    of('buffers_per_query', 'Mean number of 8 kB buffers that a query touches', measured.buffers.mean.value),
    of('index_size_bytes', 'Size of the index', build.index?.bytes ?? 0),
    of('build_duration_seconds', 'Time of the build', build.seconds),
  ];
}

/** How tonight's setting compares with that of the baseline. */
function gate(answer: AnswerRecord['answer'] | undefined, labels: Labels): readonly Metric[] {
  if (answer?.kind !== 'gate') return [];
  const shift = answer.looks.at(-1)?.shift;
  return [
    {
      name: 'pgvtune_gate_verdict_info',
      type: 'gauge',
      help: 'The verdict on the interleaved measurement; the value is 1.',
      samples: [{ labels: { ...labels, verdict: answer.verdict }, value: 1 }],
    },
    {
      name: 'pgvtune_gate_latency_change_ratio',
      type: 'gauge',
      help: "Median latency of tonight's setting over that of the baseline, minus 1.",
      samples: shift ? [{ labels, value: shift.value }] : [],
    },
  ];
}
