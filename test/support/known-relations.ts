import type { KnownRelation } from '../../src/statements/index.js';

const columnsOf = (...columns: readonly string[]) =>
  columns.map((column) => {
    const [name = '', type = ''] = column.split(':');
    return { name, type, vectorIndexes: name === 'v' ? 1 : 0 };
  });
export const RELATIONS: readonly KnownRelation[] = [
  { schema: null, name: 'docs', columns: columnsOf('id:int4', 'tenant:int4', 'v:vector') },
  { schema: null, name: 'probes', columns: columnsOf('id:int4', 'w:vector') },
];
