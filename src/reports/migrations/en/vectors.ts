import type { Format, PredictedBuild, VectorFinding } from '../../../migrations/index.js';
import type { Catalogue } from '../../text/catalogue.js';
import { formatBytes, formatCount, formatSpan } from '../../../units.js';
import { plural } from '../../text/en/plural.js';
import { code } from '../../text/markdown.js';
import { placeText, sightText } from '../places.js';
import { indexSql } from '../vector-form.js';

/** How an index that the tool cannot express survives its next comparison of models and database. */
const SURVIVES: Readonly<Partial<Record<Format, string>>> = {
  alembic:
    'Declare it in the model, `Index(name, column, postgresql_using=…, postgresql_ops=…, postgresql_with=…)`, or leave it out of autogenerate by `include_object` in env.py.',
  prisma:
    'Prisma cannot declare it: keep CREATE INDEX in a migration written by hand (`prisma migrate dev --create-only`), and delete the DROP INDEX that the next migration proposes.',
  drizzle: 'Declare it in the table: `index(name).using("hnsw", table.column.op("vector_cosine_ops"))`.',
};

const survives = (format: Format): string => SURVIVES[format] ?? 'Create it again in a revision of its own.';

const ROWS: Readonly<Record<PredictedBuild['rowsFrom'], (rows: string) => string>> = {
  server: (rows) => `The live table has ${rows}`,
  stated: (rows) => `With ${rows}`,
  example: (rows) => `With ${rows}, for example (--server or --rows tell how many)`,
};

/** Memory, time and lock, by the models of `pgvtune plan`. */
function predicted(build: PredictedBuild | null, concurrently: boolean): string {
  if (build === null) return ' What it takes is not predicted for this type.';
  const { rows, rowsFrom, bytes, neededMemoryBytes, memoryBytes, spillRow, fails, workers, seconds } = build;
  const memory = `maintenance_work_mem = ${formatBytes(memoryBytes)}`;
  const needed = formatBytes(neededMemoryBytes);
  const waits = concurrently ? '' : ', and so long do writes wait';
  const inMemory = build.secondsInMemory ? ` With ${needed} it takes ${formatSpan(build.secondsInMemory)}.` : '';
  const parts = [
    `${ROWS[rowsFrom](plural(rows, { one: 'row', other: 'rows' }))}: an index of ${formatBytes(bytes)}, whose build wants maintenance_work_mem of ${needed}.`,
    ...(fails ? [`With ${memory} it fails.${inMemory}`] : []),
    ...(seconds
      ? [
          `With ${memory} and ${plural(workers, { one: 'worker', other: 'workers' })} it takes ${formatSpan(seconds)}${waits}${spillRow === null ? '.' : `: after ${formatCount(spillRow)} rows the graph no longer fits.${inMemory}`}`,
        ]
      : []),
  ];
  return ` ${parts.join(' ')}`;
}

export const vectors: Catalogue<VectorFinding> = {
  'vector-index-lost': ({ index, created, dropped, format }) =>
    `Vector index ${code(index.name)} of ${code(index.table)}, created in ${sightText(created)}, is dropped in ${sightText(dropped)} and never created again: searches read the whole table. ${survives(format)} ${code(indexSql(index))}`,
  'vector-operator-class-missing': ({ index, table, column, method, at }) =>
    method === 'hnsw'
      ? `Index ${code(index)} on ${code(`${table}.${column}`)} in ${sightText(at)} names no operator class, and hnsw has no default one: CREATE INDEX fails. Name the class of the operator that queries use: vector_cosine_ops for <=>, vector_l2_ops for <->, vector_ip_ops for <#>.`
      : `Index ${code(index)} on ${code(`${table}.${column}`)} in ${sightText(at)} names no operator class, so ivfflat takes vector_l2_ops: queries that order by <=> or <#> do not use it.`,
  'vector-dimensions-over-limit': ({ index, table, type, dimensions, most, at }) =>
    `Index ${code(index)} of ${code(table)} in ${sightText(at)} is on ${code(type)} with ${dimensions} dimensions; this kind of index takes at most ${most}, so CREATE INDEX fails. ${type.startsWith('vector') ? 'An index on (column::halfvec(n)) takes up to 4,000.' : 'Index the first dimensions, or a binary quantization.'}`,
  'vector-dimensions-missing': ({ index, table, column, at }) =>
    `Index ${code(index)} in ${sightText(at)} is on ${code(`${table}.${column}`)}, whose type names no dimensions: CREATE INDEX fails (“column does not have dimensions”). Give the column a type such as vector(1536), or index a cast.`,
  'vector-dimensions-changed': ({ table, column, from, to, at, indexes }) =>
    `${code(`${table}.${column}`)} changes from ${code(from)} to ${code(to)} in ${sightText(at)}: this fails on every row that has a vector, for no cast changes the number of dimensions. Add a column, fill it with new embeddings, and switch over.${indexes.length === 0 ? '' : ` Indexes to build for it: ${indexes.map(code).join(', ')}.`}`,
  'ivfflat-on-empty-table': ({ index, table, at }) =>
    `IVFFlat index ${code(index)} is created together with ${code(table)} in ${sightText(at)}, on an empty table: its centres are learnt from nothing, and recall stays low. Create it after the rows are loaded, or use hnsw.`,
  'vector-before-extension': ({ table, at, extension }) =>
    extension === null
      ? `${code(table)} in ${sightText(at)} has a column of a vector type, but no revision creates the extension: a new database needs it beforehand. Add CREATE EXTENSION IF NOT EXISTS vector to the first revision.`
      : `${code(table)} in ${sightText(at)} has a column of a vector type before ${sightText(extension)} creates the extension: the history fails on an empty database.`,
  'vector-cast-expression': ({ index, table, expression, operatorClass, at }) =>
    `Index ${code(index)} of ${code(table)} in ${sightText(at)} is on the expression ${code(expression)}${operatorClass === null ? '' : ` (${code(operatorClass)})`}: only queries that order by exactly this cast use it. Queries of the bare column read the whole table.`,
  'vector-index-build': ({ index, table, method, at, concurrently, build }) =>
    concurrently
      ? `${method} index ${code(index)} of ${code(table)} in ${placeText(at)} is built concurrently, and ${sightText(at)} waits for it.${predicted(build, true)}`
      : `${method} index ${code(index)} of ${code(table)} in ${sightText(at)} is built while writes to the table wait (lock SHARE). Build it CONCURRENTLY outside of the transaction, with maintenance_work_mem that holds it.${predicted(build, false)}`,
};
