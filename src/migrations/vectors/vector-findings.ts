import { z } from 'zod';
import { bySeverity, type Finding } from '../../findings.js';
import { indexKind } from '../../indexes/index.js';
import type { Deployment } from '../deployment.js';
import type { Effect, IndexDefinition } from '../effects.js';
import { VECTORS, typeParts } from '../hazards/type-change.js';
import type { Format, Revision } from '../history.js';
import { type Replay, replayHistory } from '../replay/replay.js';
import type { Schema } from '../replay/schema.js';
import { sightOf, type Sight } from '../sight.js';
import { isVectorIndex, keyType, type OwnSettings, type PredictedBuild, predictBuild } from './predict-build.js';

/** What goes wrong with vectors over a history; each is a kind of its own. */
export type VectorFinding =
  | Finding<
      'vector-index-lost',
      { readonly index: IndexDefinition; readonly created: Sight; readonly dropped: Sight; readonly format: Format }
    >
  | Finding<
      'vector-operator-class-missing',
      {
        readonly index: string;
        readonly table: string;
        readonly column: string;
        readonly method: string;
        readonly at: Sight;
      }
    >
  | Finding<
      'vector-dimensions-over-limit',
      {
        readonly index: string;
        readonly table: string;
        readonly type: string;
        readonly dimensions: number;
        readonly most: number;
        readonly at: Sight;
      }
    >
  | Finding<
      'vector-dimensions-missing',
      { readonly index: string; readonly table: string; readonly column: string; readonly at: Sight }
    >
  | Finding<
      'vector-dimensions-changed',
      {
        readonly table: string;
        readonly column: string;
        readonly from: string;
        readonly to: string;
        readonly at: Sight;
        readonly indexes: readonly string[];
      }
    >
  | Finding<'ivfflat-on-empty-table', { readonly index: string; readonly table: string; readonly at: Sight }>
  | Finding<'vector-before-extension', { readonly table: string; readonly at: Sight; readonly extension: Sight | null }>
  | Finding<
      'vector-cast-expression',
      {
        readonly index: string;
        readonly table: string;
        readonly expression: string;
        readonly operatorClass: string | null;
        readonly at: Sight;
      }
    >
  | Finding<
      'vector-index-build',
      {
        readonly index: string;
        readonly table: string;
        readonly method: string;
        readonly at: Sight;
        readonly concurrently: boolean;
        readonly build: PredictedBuild | null;
      }
    >;

/** Looks for what goes wrong with vectors in a history. */
export function vectorFindings(
  order: readonly Revision[],
  format: Format,
  deployment: Deployment = {},
): readonly VectorFinding[] {
  const findings: VectorFinding[] = [];
  let extension: Sight | null = null;
  let firstUse: { readonly table: string; readonly at: Sight } | null = null;
  let created = new Set<string>();
  let own = new Map<string, string | null>();
  let current = '';
  const replay = replayHistory(order, (operation, revision, schema) => {
    const at = sightOf(revision, operation);
    if (current !== revision.id) [created, own, current] = [new Set(), new Map(), revision.id];
    for (const effect of operation.effects) {
      if (effect.kind === 'create-table') created.add(effect.table);
      if (effect.kind === 'setting') own.set(effect.name, effect.value);
      if (effect.kind === 'create-extension' && (effect.name === 'vector' || effect.name === 'pgvector'))
        extension ??= at;
      const use = vectorTable(effect);
      if (use !== null && extension === null) firstUse ??= { table: use, at };
      if (effect.kind === 'create-index' && isVectorIndex(effect.index)) {
        const isNewTable = created.has(effect.index.table);
        findings.push(...indexFindings(effect, at, { schema, isNewTable, deployment, own }));
      }
      if (effect.kind === 'set-type') findings.push(...typeFindings(effect, at, schema));
    }
  });
  if (firstUse)
    findings.push({
      code: 'vector-before-extension',
      severity: extension ? 'high' : 'medium',
      data: { ...(firstUse as { table: string; at: Sight }), extension },
    });
  return bySeverity([...findings, ...lostIndexes(replay, order, format)]);
}

/** The table of a column of a vector type; null for another effect. */
function vectorTable(effect: Effect): string | null {
  if (effect.kind === 'create-table' && effect.columns.some(({ type }) => isVector(type))) return effect.table;
  if (effect.kind === 'add-column' && isVector(effect.column.type)) return effect.table;
  return effect.kind === 'set-type' && isVector(effect.type) ? effect.table : null;
}

const isVector = (type: string): boolean => VECTORS.has(typeParts(type).name);

interface IndexContext {
  readonly schema: Schema;
  readonly isNewTable: boolean;
  readonly deployment: Deployment;
  readonly own: OwnSettings;
}

function indexFindings(
  { index, concurrently }: Extract<Effect, { kind: 'create-index' }>,
  at: Sight,
  { schema, isNewTable, deployment, own }: IndexContext,
): readonly VectorFinding[] {
  const [key] = index.keys;
  if (!key) return [];
  const table = schema.tables.get(index.table);
  const base = { index: index.name, table: index.table, at };
  const found: VectorFinding[] = [];
  if (key.operatorClass === null) {
    const severity = index.method === 'hnsw' ? 'high' : 'medium';
    found.push({
      code: 'vector-operator-class-missing',
      severity,
      data: { ...base, column: key.sql, method: index.method },
    });
  }
  const type = keyType(index, schema);
  if (type !== undefined) found.push(...dimensionFindings(base, key.sql, index.method, type));
  if (key.isExpression && type !== undefined) {
    found.push({
      code: 'vector-cast-expression',
      severity: 'info',
      data: { ...base, expression: key.sql, operatorClass: key.operatorClass },
    });
  }
  if (index.method === 'ivfflat' && table && !table.hasRows && isNewTable) {
    found.push({ code: 'ivfflat-on-empty-table', severity: 'medium', data: base });
  }
  if (!isNewTable) {
    found.push({
      code: 'vector-index-build',
      severity: concurrently ? 'info' : 'medium',
      data: {
        ...base,
        method: index.method,
        concurrently,
        build: predictBuild(index, schema, deployment, own),
      },
    });
  }
  return found;
}

const REPRESENTATIONS = z.enum(['vector', 'halfvec', 'bit']);

function dimensionFindings(
  base: { readonly index: string; readonly table: string; readonly at: Sight },
  column: string,
  method: string,
  type: string,
): readonly VectorFinding[] {
  const { name, numbers } = typeParts(type);
  const representation = REPRESENTATIONS.safeParse(name);
  if (!representation.success) return [];
  const [dimensions] = numbers;
  if (dimensions === undefined)
    return [{ code: 'vector-dimensions-missing', severity: 'high', data: { ...base, column } }];
  const most = indexKind(method).representations[representation.data]?.maxDimensions;
  if (most === undefined || dimensions <= most) return [];
  return [{ code: 'vector-dimensions-over-limit', severity: 'high', data: { ...base, type, dimensions, most } }];
}

function typeFindings(
  { table, column, type }: Extract<Effect, { kind: 'set-type' }>,
  at: Sight,
  schema: Schema,
): readonly VectorFinding[] {
  const own = schema.tables.get(table);
  const from = own?.columns.get(column)?.type;
  if (!own || from === undefined || !isVector(from)) return [];
  const [before, after] = [typeParts(from), typeParts(type)];
  if (after.numbers[0] === undefined || before.numbers[0] === undefined || before.numbers[0] === after.numbers[0])
    return [];
  const indexes = [...own.indexes.values()].filter(
    (index) => isVectorIndex(index) && index.keys.some(({ sql }) => sql.includes(column)),
  );
  return [
    {
      code: 'vector-dimensions-changed',
      severity: 'high',
      data: { table, column, from, to: type, at, indexes: indexes.map(({ name }) => name) },
    },
  ];
}

/** Vector indexes that a revision dropped and neither it nor a later one created again, although their column is still there. */
function lostIndexes({ schema, lives }: Replay, order: readonly Revision[], format: Format): readonly VectorFinding[] {
  const position = new Map(order.map(({ id }, index) => [id, index]));
  const at = ({ revision }: Sight): number => position.get(revision) ?? 0;
  return lives.flatMap((life): readonly VectorFinding[] => {
    const { index, dropped } = life;
    if (!index || !isVectorIndex(index) || dropped === null || life.wentAlong) return [];
    const table = schema.tables.get(life.table!);
    const [key] = index.keys;
    if (!table || !key || (!key.isExpression && !table.columns.has(key.sql))) return [];
    const isReplaced = lives.some(
      (other) =>
        other.index !== null &&
        isVectorIndex(other.index) &&
        other.table === life.table &&
        (other.dropped === null || at(other.created) >= at(dropped)) &&
        other.index.keys.some(({ sql }) => sql.includes(key.sql) || key.sql.includes(sql)),
    );
    return isReplaced
      ? []
      : [{ code: 'vector-index-lost', severity: 'high', data: { index, created: life.created, dropped, format } }];
  });
}
