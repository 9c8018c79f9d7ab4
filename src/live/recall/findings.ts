import { conditionFindings, planCacheFindings } from '../../analysis/index.js';
import { defectsOf, type IndexKind, indexKinds, recallKnob } from '../../indexes/index.js';
import type { Finding } from '../../results/index.js';
import { formatMs, formatPercent } from '../../units.js';
import type { LiveRecall } from './report.js';

type Report = Omit<LiveRecall, 'findings' | 'verdict'>;
type Check = (report: Report, kind: IndexKind | undefined) => readonly Finding[];

const error = (code: string, text: string): Finding => ({ code, severity: 'error', text });
const warning = (code: string, text: string): Finding => ({ code, severity: 'warning', text });
const info = (code: string, text: string): Finding => ({ code, severity: 'info', text });

/** Above this share it is worth a word. */
const NOTEWORTHY = 0.01;
const MANY_DEAD = 0.1;

/** Each looks at one thing; a new check is one entry here. */
const CHECKS: readonly Check[] = [
  ({ indexes }) =>
    indexes
      .filter(({ valid }) => !valid)
      .map(({ name }) =>
        error(
          'index-invalid',
          `Index ${name} is not valid, so the planner ignores it: an interrupted CREATE INDEX CONCURRENTLY leaves such. Drop it, or REINDEX INDEX CONCURRENTLY.`,
        ),
      ),
  noIndexUsed,
  aboutConditions,
  ({ plan }) =>
    plan && plan.indexes.length > 0 && plan.others.length > 0
      ? [
          warning(
            'partly-indexed',
            `A part of the table is read without an index on the vectors: ${plan.others.join(', ')}.`,
          ),
        ]
      : [],
  ({ asked: { settings } }) =>
    Object.entries(settings)
      .filter(([name, value]) => name.startsWith('enable_') && value === 'off')
      .map(([name]) => warning('plan-forced', `${name} is off: this is not the plan that an application gets.`)),
  tooFewRows,
  ({ asked, measured }, kind) => {
    const iterative = kind?.knobs.find((knob) => knob.kind === 'choice' && knob.name === 'iterative_scan');
    return measured &&
      asked.where !== null &&
      measured.completeness.mean < 1 &&
      iterative &&
      asked.settings[iterative.guc] === 'off'
      ? [
          warning(
            'iterative-scan-off',
            `The condition is applied to what the index returned, and ${iterative.guc} is off, so rows are missing: --set ${iterative.guc}=relaxed_order.`,
          ),
        ]
      : [];
  },
  ({ asked }, kind) => {
    const knob = kind && recallKnob(kind);
    return knob && asked.settings[knob.guc] === String(knob.min)
      ? [warning('knob-at-least', `${knob.guc} is ${knob.min}, the least there is.`)]
      : [];
  },
  ({ table }) =>
    table.deadShare > MANY_DEAD
      ? [
          warning(
            'dead-rows',
            `${formatPercent(table.deadShare)} of the rows are dead: the index finds them too, and they are dropped from its answers until VACUUM.`,
          ),
        ]
      : [],
  ({ table }) =>
    table.rows === null
      ? [warning('not-analysed', `${table.name} was never analysed: the planner guesses its size.`)]
      : [],
  aboutVectors,
  ({ asked, measured }) =>
    measured && asked.queries === 'rows of the table'
      ? [
          info(
            'queries-are-rows',
            'The queries are rows of the table, each without itself among its neighbours. An index finds the neighbours of its own rows more easily than those of new vectors, and what people search for lies elsewhere: --query-log takes real queries.',
          ),
        ]
      : [],
  ({ asked, measured }) =>
    measured && asked.exactOf === 'indexed expression'
      ? [
          info(
            'quantised',
            'The exact side compares what the index holds, so recall shows what the search loses, not what quantisation loses: that takes re-ranking by the full vectors.',
          ),
        ]
      : [],
  ({ plan }) => (plan?.cache ? planCacheFindings(plan.cache) : []),
  ({ measured }) =>
    measured && measured.buffers.meanRead > NOTEWORTHY * measured.buffers.mean.value
      ? [
          warning(
            'not-cached',
            `${formatPercent(measured.buffers.meanRead / measured.buffers.mean.value)} of the buffers came from outside shared_buffers, even when the query was asked for the third time.`,
          ),
        ]
      : [],
  ({ measured }) => {
    const median = measured?.latencyMs.again.quantiles.find(({ p }) => p === 0.5)?.estimate?.value;
    return measured && median !== undefined && measured.clientFloorMs > 0.1 * median
      ? [
          warning(
            'client-floor',
            `${formatMs(measured.clientFloorMs)} of the median of ${formatMs(median)} pass without any search (round trip and client).`,
          ),
        ]
      : [];
  },
  ({ measured }) =>
    measured && measured.vanished > 0
      ? [
          info(
            'rows-changed',
            `${measured.vanished} of the rows that were queries changed meanwhile; they are in no figure of recall.`,
          ),
        ]
      : [],
  ({ server }) =>
    defectsOf(server.pgvector).map(({ code, text, fixedIn }) =>
      warning(code, `pgvector ${server.pgvector}: ${text} Fixed in ${fixedIn}.`),
    ),
];

/** What an operator should know beside the figures, worst first. */
export function liveRecallFindings(report: Report): readonly Finding[] {
  const used = report.indexes.find(({ name }) => report.plan?.indexes.includes(name));
  const kind = indexKinds.find(({ accessMethod }) => used !== undefined && accessMethod === used.method);
  const rank = { error: 0, warning: 1, info: 2 };
  return CHECKS.flatMap((check) => check(report, kind)).sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function aboutConditions({ conditions }: Report): readonly Finding[] {
  if (!conditions) return [];
  const { interrupted, autovacuumWorkers, otherSessions } = conditions.server;
  return [
    ...(interrupted
      ? [
          error(
            'interrupted',
            'The server was started again, recovered from a crash, or lost its statistics while the index was timed, so nothing is known of it. Run it again.',
          ),
        ]
      : []),
    ...conditionFindings(conditions),
    ...(autovacuumWorkers === null || otherSessions === null
      ? [
          info(
            'activity-hidden',
            'This role may not see what other sessions do, so nobody knows whether they disturbed the times: GRANT pg_read_all_stats lets it.',
          ),
        ]
      : []),
  ];
}

function noIndexUsed({ table, asked, indexes, plan }: Report): readonly Finding[] {
  if (!plan) {
    const others = indexes.length > 0 ? ' that can be used' : '';
    return [
      error(
        'no-index',
        `There is no index${others} on ${table.name}.${table.column}: every query reads the whole table.`,
      ),
    ];
  }
  if (plan.indexes.length > 0) return [];
  const partial = indexes.filter(({ valid, predicate }) => valid && predicate !== null);
  const reasons = [
    ...partial.map(({ name, predicate }) => `${name} holds only rows WHERE ${predicate}.`),
    ...(asked.where === null
      ? []
      : ['The planner may think that so few rows meet the condition that an exact search is cheaper.']),
    'It compares costs, which depend on the size of the table, its statistics (ANALYZE), and ef_search or probes.',
  ];
  return [
    error('index-not-used', `The planner does not use an index on the vectors: ${plan.text}. ${reasons.join(' ')}`),
  ];
}

function tooFewRows({ asked, measured }: Report, kind: IndexKind | undefined): readonly Finding[] {
  if (!measured || measured.completeness.shortQueries === 0) return [];
  const settings = Object.fromEntries(
    (kind?.knobs ?? []).flatMap(({ name, guc }) =>
      asked.settings[guc] === undefined ? [] : [[name, asked.settings[guc]]],
    ),
  );
  const most = kind?.mostRows(settings) ?? Infinity;
  const knob = kind && recallKnob(kind);
  const wanted = asked.k + (asked.queries === 'log' ? 0 : 1);
  const short = `${formatPercent(measured.completeness.shortQueries / measured.recall.queries)} of the queries returned fewer rows than exist; on average ${formatPercent(measured.completeness.mean)} came.`;
  if (knob && most < wanted) {
    const own = asked.queries === 'log' ? '' : ' and the row itself';
    return [
      error(
        'limit-above-knob',
        `${short} The index gives at most ${most} rows (${knob.guc}), and ${asked.k}${own} were asked for.`,
      ),
    ];
  }
  if (knob && measured.mostReturned >= most) {
    return [warning('pinned-at-knob', `${short} Answers end at ${most} rows, which is ${knob.guc}.`)];
  }
  return [warning('short-answers', short)];
}

function aboutVectors({ table, asked, measured }: Report): readonly Finding[] {
  if (!measured) return [];
  const { rows, drawn, zero, lengthSpread } = measured.vectors;
  const findings: Finding[] = [];
  if (rows && rows.nulls > 0) {
    findings.push(
      info(
        'null-vectors',
        `About ${formatPercent(rows.nulls / rows.seen)} of the rows have no vector in ${table.column}: no index finds them.`,
      ),
    );
  }
  if (zero > 0 && asked.metric === 'cosine') {
    const what = asked.queries === 'log' ? 'query vectors' : 'vectors';
    findings.push(
      warning(
        'zero-vectors',
        `${formatPercent(zero / drawn)} of the ${what} drawn are zero vectors: cosine distance is not defined for them, and the index leaves such rows out. They were not asked.`,
      ),
    );
  }
  if (asked.metric === 'ip' && lengthSpread > NOTEWORTHY) {
    findings.push(
      warning(
        'lengths-differ',
        `The lengths of the vectors differ (by ${formatPercent(lengthSpread)}, standard deviation): by inner product long vectors are near to everything. Normalise them, or use cosine distance.`,
      ),
    );
  }
  // Bits repeat by their nature.
  if (asked.exactOf === 'column' && (measured.duplicateShare ?? 0) > NOTEWORTHY) {
    const share = formatPercent(measured.duplicateShare ?? 0);
    findings.push(
      asked.queries === 'log'
        ? warning(
            'queries-in-table',
            `${share} of the queries are also rows of the table: they find themselves, which flatters recall.`,
          )
        : warning(
            'duplicates',
            `${share} of the rows drawn share their vector with another row: HNSW is not made for many duplicates, and recall counts each of them as right.`,
          ),
    );
  }
  return findings;
}
