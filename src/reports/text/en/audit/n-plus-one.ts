import type { NPlusOneFinding } from '../../../../audit/index.js';
import { formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';

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
