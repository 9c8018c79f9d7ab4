import type { NPlusOneFinding } from '../../../../audit/index.js';
import { formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { routesOf, UNITS } from './words.js';

export const nPlusOneTexts: FindingCatalogue<NPlusOneFinding> = {
  'query-for-each-row': {
    title: 'A query for each row of another one',
    says: ({ parent, parentCalls, parentRows, child, childCalls, childMs, foreignKey, queriesPerCall }) =>
      `${formatCount(parentCalls)} calls of the first statement returned ${formatCount(parentRows)} rows, and the second was called ${formatCount(childCalls)} times (${formatMs(childMs)} in all), along ${foreignKey}: about ${formatCount(queriesPerCall)} queries for each page of rows, where two would do. First: ${parent} — second: ${child}`,
    effect: ({ childCalls, parentCalls, childTable, childColumn }) =>
      `${formatCount(childCalls)} calls become ${formatCount(parentCalls)}: SELECT … FROM ${childTable} WHERE ${childColumn} = ANY($1), with the keys of the page.`,
    doubt: () =>
      'It is arithmetic, no trace: other statements with the same number of calls look the same. The foreign key between them makes it likely.',
  },
  'query-in-loop': {
    title: 'A query in a loop',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes, parent, link }) =>
      `${formatCount(calls)} executions in ${formatCount(units)} ${UNITS[unit]}, each with other parameters: ${(calls / units).toFixed(1)} in each on average, ${formatCount(mostCalls)} at most${totalMs === null ? '' : `, ${formatMs(totalMs)} in all`}.${routesOf(routes)} Statement: ${query}${parent === null ? '' : ` — after: ${parent}`}${link === null ? '' : ` (along ${link.foreignKey})`}`,
    effect: ({ calls, units, link, nearest }) =>
      nearest
        ? 'One statement asks for all: SELECT … FROM unnest($1::vector[]) AS q CROSS JOIN LATERAL (SELECT … ORDER BY embedding <=> q LIMIT k) AS nearest. It saves round trips, not the searches.'
        : `${formatCount(calls)} executions become about ${formatCount(units)}${link === null ? ': load the rows of all keys at once, with = ANY($1) or a join.' : `: SELECT … FROM ${link.childTable} WHERE ${link.childColumn} = ANY($1), with the keys of the page.`}`,
    doubt: ({ unit, link }) =>
      unit === 'gap'
        ? 'Nothing but time holds these statements together: requests that share a connection of a pool look like one. Tags with traceparent (sqlcommenter) would tell.'
        : link === null
          ? 'A job that works through a queue, or retries, may do this on purpose.'
          : 'A log of sampled statements (log_statement_sample_rate) shows fewer executions than there were; a job may do this on purpose.',
  },
  'repeated-query': {
    title: 'The same query again and again',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes }) =>
      `${formatCount(calls)} executions in ${formatCount(units)} ${UNITS[unit]}, with the same parameters within each: ${(calls / units).toFixed(1)} in each on average, ${formatCount(mostCalls)} at most${totalMs === null ? '' : `, ${formatMs(totalMs)} in all`}.${routesOf(routes)} Statement: ${query}`,
    effect: ({ calls, units }) =>
      `${formatCount(calls)} executions become ${formatCount(units)}: keep the answer for the rest of the request.`,
    doubt: () => 'A loop that waits for a change asks the same on purpose.',
  },
  'write-in-loop': {
    title: 'Rows written one at a time',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes }) =>
      `${formatCount(calls)} executions in ${formatCount(units)} ${UNITS[unit]}: ${formatCount(mostCalls)} in one of them at most${totalMs === null ? '' : `, ${formatMs(totalMs)} in all`}.${routesOf(routes)} Statement: ${query}`,
    effect: () =>
      'INSERT with many rows or COPY, and UPDATE or DELETE with = ANY($1) or FROM unnest($1, $2), save a round trip for each row.',
    doubt: () => 'Where each row has to be checked on its own, one statement cannot do it.',
  },
  'nearest-in-loop': {
    title: 'A vector search for each row of another query',
    says: ({ parentCalls, parentRows, searchCalls, searchMs, parent, search }) =>
      `${formatCount(parentCalls)} calls of the first statement returned ${formatCount(parentRows)} rows, and the search was called ${formatCount(searchCalls)} times (${formatMs(searchMs)} in all). First: ${parent} — search: ${search}`,
    effect: () =>
      'One statement asks for all: SELECT … FROM unnest($1::vector[]) AS q CROSS JOIN LATERAL (SELECT … ORDER BY embedding <=> q LIMIT k) AS nearest. It saves round trips, not the searches.',
    doubt: () => 'The equal numbers may be chance: nothing in the catalog links the two.',
  },
  'row-by-row-insert': {
    title: 'Rows inserted one at a time',
    says: ({ query, calls, rows, executionMs, share }) =>
      `${formatCount(calls)} calls inserted ${formatCount(rows)} rows (${formatMs(executionMs)}, ${formatPercent(share)} of the time of all statements), besides a round trip and perhaps a commit each. Statement: ${query}`,
    effect: () => 'INSERT with many rows, unnest($1, $2), or COPY, load tens of times faster.',
    doubt: () => 'Requests of many users, each with a row of its own, are no loop.',
  },
};
