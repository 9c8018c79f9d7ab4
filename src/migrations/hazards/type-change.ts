import type { Work } from './hazard.js';

/** A type taken apart: `varchar(20)` → name and numbers. */
export function typeParts(type: string): {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly array: string;
} {
  const lower = type.toLowerCase().replaceAll('"', '').replaceAll('pg_catalog.', '').trim();
  const array = /(\[\])+$/.exec(lower)?.[0] ?? '';
  const [, name = lower, numbers] =
    /^([a-z0-9_. ]+?)\s*(?:\(([\d,\s]+)\))?((?:\s*with(?:out)? time zone)?)$/.exec(lower.replace(/(\[\])+$/, '')) ?? [];
  return {
    name: SYNONYMS[name.trim()] ?? name.trim(),
    numbers: (numbers ?? '')
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
    array,
  };
}

const SYNONYMS: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  int4: 'int',
  integer: 'int',
  serial: 'int',
  int8: 'bigint',
  bigserial: 'bigint',
  int2: 'smallint',
  decimal: 'numeric',
  bool: 'boolean',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
};

/**
 * What ALTER COLUMN … TYPE does to a table with rows: nothing, a rebuild of the column's indexes, or a rewrite of the table.
 * Measured on PostgreSQL 15; what is not known counts as a rewrite.
 */
export function typeChangeWork(from: string, to: string): Work {
  const [a, b] = [typeParts(from), typeParts(to)];
  if (a.array !== b.array) return 'rewrite';
  const [before, after] = [a.numbers[0], b.numbers[0]];
  if (a.name === b.name) {
    if (a.numbers.join() === b.numbers.join()) return 'none';
    if (a.name === 'varchar' || a.name === 'varbit' || VECTORS.has(a.name)) {
      if (after === undefined) return 'none';
      return a.name !== 'varchar' || before === undefined || after < before ? 'rewrite' : 'none';
    }
    if (a.name === 'numeric') {
      if (after === undefined) return 'none';
      return before !== undefined && after >= before && (a.numbers[1] ?? 0) === (b.numbers[1] ?? 0)
        ? 'none'
        : 'rewrite';
    }
    return 'rewrite';
  }
  if (a.name === 'varchar' && b.name === 'text') return 'none';
  if (a.name === 'text' && b.name === 'varchar' && after === undefined) return 'none';
  if (a.name === 'cidr' && b.name === 'inet') return 'none';
  if (a.name === 'timestamp' && b.name === 'timestamptz') return 'index-build';
  return 'rewrite';
}

export const VECTORS: ReadonlySet<string> = new Set(['vector', 'halfvec', 'sparsevec']);
