import type { Reason, WantedPlan } from '../../../results/index.js';
import { formatCount } from '../../../units.js';
import { describeScans } from '../../../workloads/index.js';
import type { Catalogue } from '../catalogue.js';
import { partOf, plural } from './plural.js';

/** Why a measurement is void or failed. */
export const reasons: Catalogue<Reason> = {
  'other-plan': ({ wanted, got }) =>
    `The planner chose another plan: ${describeScans(got)} instead of ${wantedText(wanted)}.`,
  'table-not-read': ({ tables }) => `The plan does not read ${tables.join(' or ')}.`,
  'not-sent-to-shards': ({ shards, of }) =>
    `ORDER BY and LIMIT were not sent to ${shards} of ${plural(of, { one: 'shard', other: 'shards' })}.`,
  'setting-not-applied': ({ name, wanted, got }) =>
    `${name} was set to ${wanted} but reads back as ${got ?? 'unknown'}.`,
  'truth-mismatch': ({ mismatches, sampled }) =>
    `Ground truth mismatch: for ${mismatches} of ${plural(sampled, { one: 'sampled query', other: 'sampled queries' })} the server's exact scan returns other rows.`,
  'server-interrupted': () =>
    'The server restarted, recovered from a crash, or lost its statistics during the measurement.',
  'rows-changed': ({ rows }) =>
    `${plural(rows, { one: 'row', other: 'rows' })} of the table changed after loading, so the exact neighbours no longer hold.`,

  'index-missing': () => 'The index does not exist.',
  'index-invalid': () => 'The index is invalid, so the planner ignores it.',
  'index-replaced': () => 'The index was rebuilt by somebody else: it has another file.',
  'index-options-changed': ({ built, now }) =>
    `The storage parameters of the index changed from ${optionsText(built)} to ${optionsText(now)}.`,
  'parameter-not-applied': ({ name, wanted, got }) =>
    `${name} should be ${wanted} but reads back as ${got ?? 'the default'}.`,
  'parameter-not-built': ({ name, catalog, built }) =>
    `${name} is ${catalog} in the catalog, but the index was built with ${built}.`,

  refused: ({ message, sqlstate, hint }) =>
    [`PostgreSQL refused the statement: ${message}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}.`, hint]
      .filter(Boolean)
      .join(' ')
      .replace('..', '.'),

  'too-many-connections': ({ asked, allowed }) =>
    `The server accepts ${plural(allowed, { one: 'connection', other: 'connections' })}, but ${asked} were requested.`,
  'rate-not-delivered': ({ ratePerSecond, answeredPerSecond, due, dropped }) =>
    `The server cannot serve ${formatCount(ratePerSecond)} queries/s: it answered ${formatCount(answeredPerSecond)}/s, and ${
      dropped > 0
        ? `${partOf(dropped, due, { one: 'was', other: 'were' })} never sent`
        : 'in the second half no query found a free connection when it was due'
    }.`,
  'every-query-failed': ({ sqlstates }) => `Every query failed (SQLSTATE ${sqlstates.join(', ')}).`,
  'no-query-due': () => 'No query was due within the window.',
  'figures-refused': ({ figures }) =>
    `Figures outside their range were left out, and nothing can be quoted without them: ${figures.join(', ')}.`,
  'not-recorded': () => 'Not recorded.',
};

function wantedText(wanted: WantedPlan): string {
  switch (wanted.kind) {
    case 'table-scan':
      return 'a sequential scan';
    case 'one-of':
      return `${someOf(wanted.indexes, 'or')}${wanted.orTable ? ' or a sequential scan' : ''}`;
    case 'all-of':
      return wanted.indexes.length > MOST_NAMES
        ? `all of ${wanted.indexes.length} indexes such as ${wanted.indexes[0]}`
        : someOf(wanted.indexes, 'and');
    case 'none-of':
      return `a plan without ${someOf(wanted.indexes, 'or')}`;
    case 'partitions':
      return `at most ${plural(wanted.most, { one: 'partition', other: 'partitions' })}`;
  }
}

/** A partial index for each of hundreds of classes is not listed. */
const MOST_NAMES = 3;

const someOf = (indexes: readonly string[], conjunction: string): string =>
  indexes.length > MOST_NAMES
    ? `one of ${indexes.length} indexes such as ${indexes[0]}`
    : `${indexes.length === 1 ? 'index ' : ''}${indexes.join(` ${conjunction} `)}`;

const optionsText = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ') || 'none';
