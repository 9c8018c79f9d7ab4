import type { Condition, Operation } from '../history.js';
import type { CallValue } from '../python/expressions.js';
import type { Libraries } from '../python/program.js';
import { jsonText } from '../python/methods.js';
import { constant, pathOf, textOf, UNKNOWN, type Value } from '../python/values.js';
import { operationOf, type OperationContext, sqlOperation, unknownOperation } from '../sql/operation.js';
import { parseStatements } from '../sql/statements.js';
import type { BatchTable } from './call-arguments.js';
import { builtStatement, bulkInsertSql, tableOf } from './data-steps.js';
import { ddlElementSql } from './ddl-elements.js';
import { Refused } from './index-operations.js';
import { OPERATIONS, QUERIES } from './operations.js';
import {
  flag,
  lastName,
  NotStatic,
  optionalString,
  quotedIn,
  stringOf,
  unescapedColons,
  UnknownType,
} from './sql-text.js';
import { isHarmless, rootPath } from './harmless.js';
import { createTableSql, type Rendered } from './table-operations.js';
import { createEnum, sqlType } from './types.js';

const OP = 'alembic.op.';

/**
 * Collects what a migration does: knows the calls of Alembic and SQLAlchemy that change a database.
 *
 * @param file relative to the history
 */
export function collector(file: string): { readonly libraries: Libraries; take(): readonly Operation[] } {
  let operations: Operation[] = [];
  /** Calls that may do anything. */
  const unknown = new Map<Value, Operation>();
  const unknownIn = (values: readonly Value[]): readonly Operation[] =>
    unknown.size === 0 ? [] : [...callsIn(values)].flatMap((call) => unknown.get(call) ?? []);
  const libraries: Libraries = {
    onAttribute: (of, name) => (name === 'name' && isDialect(of) ? constant('postgresql') : undefined),
    onCall: (call, site) => {
      const path = pathOf(call.callee);
      const origin = originOf(call, path);
      const context: OperationContext = {
        place: { file, line: call.line },
        origin,
        inTransaction: !site.autocommit,
        condition: site.condition,
      };
      const known = operationsOf(call, path, context);
      if (known === null) {
        if (isHarmless(call) || unknownIn([call.callee]).length > 0) return valueOf(call, path, false);
        // One call of the file, however often it is made.
        const made = operations.find((operation) => operation.origin === origin && operation.place.line === call.line);
        if (made) {
          unknown.set(call, made);
          return undefined;
        }
      }
      const found = known ?? [unknownOperation('unknown-operation', origin, context)];
      if (found.some(({ problem }) => problem !== null)) {
        // What takes the value of such a call is not understood for that reason alone: the two are one.
        const taken = new Set(unknownIn([...call.args, ...call.named.values()]));
        operations = operations.filter((operation) => !taken.has(operation));
      }
      operations.push(...found);
      if (known === null) unknown.set(call, found[0]!);
      return valueOf(call, path, known !== null && known.length > 0);
    },
  };
  return {
    libraries,
    take: () => {
      const taken = operations;
      operations = [];
      return taken;
    },
  };
}

const isDialect = (value: Value): boolean =>
  (value.kind === 'attribute' && (value.name === 'dialect' || value.name === 'engine')) ||
  (value.kind === 'name' && value.path.endsWith('.dialect'));

function originOf(call: CallValue, path: string): string {
  if (path.startsWith(OP)) return `op.${path.slice(OP.length)}`;
  if (batchOf(call)) return `batch_op${path}`;
  return path === '' ? `${rootPath(call.callee)}(…)()` : path;
}

/** What a call returns, where that matters later. */
function valueOf(call: CallValue, path: string, isOperation: boolean): Value | undefined {
  if (path === `${OP}f` || path === `${OP}inline_literal` || path === 'textwrap.dedent' || path === '.f')
    return call.args[0] ?? UNKNOWN;
  if (path === 'alembic.context.is_offline_mode') return constant(false);
  if (path === 'json.dumps' && call.args[0]) return jsonText(call.args[0]);
  return isOperation ? UNKNOWN : undefined;
}

/** The operations of one call, none where it changes nothing; null for a call that is none of Alembic's or SQLAlchemy's. */
function operationsOf(call: CallValue, path: string, context: OperationContext): readonly Operation[] | null {
  const batch = batchOf(call);
  const name = path.startsWith(OP) ? path.slice(OP.length) : batch ? path.slice(1) : null;
  try {
    if (name === 'execute' || EXECUTING.has(path) || SESSION_EXECUTES.test(path))
      return executed(call.args[0] ?? call.named.get('sqltext'), context);
    if (name === 'bulk_insert') return bulkInsert(call, context);
    const renderer = name === null ? undefined : OPERATIONS[name];
    if (renderer) return operationsFrom(renderer(call, batch), context);
    if (name !== null) return QUERIES.has(name) ? [] : [unknownOperation('unknown-operation', context.origin, context)];
    return schemaElement(call, path, context) ?? sessionStep(call, path, context);
  } catch (error) {
    if (error instanceof Refused)
      return [
        { ...context, assumedTypes: {}, sql: null, effects: [{ kind: 'refused', table: error.table }], problem: null },
      ];
    if (!(error instanceof NotStatic)) throw error;
    const code = error instanceof UnknownType ? 'unknown-type' : 'unknown-operation';
    return [unknownOperation(code, `${context.origin}: ${error.message}`, context)];
  }
}

const EXECUTING = new Set(['.execute', '.exec_driver_sql', '.scalar', '.scalars', 'alembic.context.execute']);

/** `db.session.execute(…)`, of a session that the application has. */
const SESSION_EXECUTES = /\.(session|connection)\.execute$/i;

/** The table of the batch whose operation a call is; null for all other calls. */
function batchOf({ callee }: CallValue): BatchTable | null {
  if (callee.kind !== 'attribute' || callee.of.kind !== 'call') return null;
  const { callee: opened, args, named } = callee.of;
  if (pathOf(opened) !== `${OP}batch_alter_table`) return null;
  const table = textOf(args[0] ?? named.get('table_name'));
  return table === undefined ? null : { table, schema: optionalString(named.get('schema') ?? args[1], 'schema') };
}

function operationsFrom({ typesFirst = [], sql, types }: Rendered, context: OperationContext): readonly Operation[] {
  // SQLAlchemy creates the type of an enumeration with the first table that has it, and remembers that.
  const checksFirst = {
    ...context,
    condition: context.condition ?? ({ kind: 'check-first', line: context.place.line } as const),
  };
  const assumed = types.flatMap(({ assumed: name, sql: as }) => (name === null ? [] : [[name, as] as const]));
  return [
    ...typesFirst.map((statement) => sqlOperation(statement, checksFirst)),
    ...sql.map((statement) => sqlOperation(statement, { ...context, assumedTypes: Object.fromEntries(assumed) })),
  ];
}

/** SQL that is given as a text, as `text(…)`, or as a statement put together by calls. */
function executed(value: Value | undefined, context: OperationContext): readonly Operation[] {
  if (value === undefined) return [];
  const sql = sqlOf(value);
  if (sql !== null) {
    const hasParameters = sql !== textOf(value) && /\$1\b/.test(sql);
    return parseStatements(sql).map((statement) => {
      const operation = operationOf(statement, context);
      // Values that are given while the migration runs are not known here.
      return hasParameters ? { ...operation, sql: null } : operation;
    });
  }
  if (value.kind === 'text') return partlyKnown(value.parts, context);
  if (value.kind === 'call') {
    const [only] = value.args;
    if (only?.kind === 'text') return partlyKnown(only.parts, context);
    const element = ddlElementSql(value);
    if (element !== null) return [sqlOperation(element, context)];
    const effects = builtStatement(value);
    if (effects?.length === 0) return [];
    if (effects) return [{ ...context, assumedTypes: {}, sql: null, effects, problem: null }];
  }
  return [unknownOperation('computed-sql', context.origin, context)];
}

/** The text of `'…'`, `text('…')` or `text('…').bindparams(…)`; null where it is computed. */
function sqlOf(value: Value | undefined): string | null {
  const direct = textOf(value);
  if (direct !== undefined) return direct;
  if (value?.kind !== 'call') return null;
  const name = lastName(pathOf(value.callee));
  if (name === 'text' || name === 'DDL') {
    const text = textOf(value.args[0]);
    return text === undefined ? null : parametersAsNumbers(unescapedColons(text));
  }
  if (value.callee.kind === 'attribute' && ['bindparams', 'execution_options', 'columns'].includes(name))
    return sqlOf(value.callee.of);
  return null;
}

/** `:name` of `text()` is a parameter; `::type` is a cast. Strings and comments are left alone. */
const parametersAsNumbers = (sql: string): string =>
  sql.replaceAll(
    /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|::|(\bIN\s+)?:([a-z_]\w*)/gi,
    (whole, _tag, within?: string, name?: string) =>
      // A list is expanded to as many values as it has.
      name === undefined ? whole : within === undefined ? '$1' : `${within}($1)`,
  );

/**
 * SQL of which parts are computed: what it does can be seen when the parts are only values. A name that is computed
 * leaves it unknown.
 */
function partlyKnown(parts: readonly (string | null)[], context: OperationContext): readonly Operation[] {
  const sql = parts.map((part) => part ?? PLACEHOLDER).join('');
  return parseStatements(sql).map((statement) => {
    const operation = operationOf(statement, context);
    const isData = operation.effects.every(({ kind }) => kind === 'data');
    if (!statement.sql.includes(PLACEHOLDER)) return operation;
    if (operation.problem || !isData || JSON.stringify(operation.effects).includes(PLACEHOLDER)) {
      return unknownOperation('computed-sql', context.origin, context);
    }
    return { ...operation, sql: null };
  });
}

const PLACEHOLDER = 'pgvtune_computed';

function bulkInsert(call: CallValue, context: OperationContext): readonly Operation[] {
  const [table, rows] = call.args;
  const sql = bulkInsertSql(table, rows ?? call.named.get('rows'));
  if (sql !== null) return [sqlOperation(sql, context)];
  const into = tableOf(table)?.display ?? null;
  return [
    {
      ...context,
      assumedTypes: {},
      sql: null,
      effects: [{ kind: 'data', verb: 'insert', table: into }],
      problem: null,
    },
  ];
}

/** `Enum(…).create(bind)` and `.drop(bind)`, `Table(…).create(bind)`; null for another call. */
function schemaElement(call: CallValue, path: string, context: OperationContext): readonly Operation[] | null {
  if (call.callee.kind !== 'attribute') return null;
  const { of } = call.callee;
  if (path === '.create_all' || path === '.drop_all') return [unknownOperation('unknown-operation', path, context)];
  if ((path !== '.create' && path !== '.drop') || of.kind !== 'call') return null;
  const checksFirst: Condition | null = flag(call.named.get('checkfirst') ?? call.args[1], true)
    ? { kind: 'check-first', line: call.line }
    : null;
  const own = { ...context, condition: context.condition ?? checksFirst };
  if (/(^|\.)Table$/.test(pathOf(of.callee))) {
    const [name, , ...elements] = of.args;
    const schema = optionalString(of.named.get('schema'), 'schema');
    if (path === '.drop') return [sqlOperation(`DROP TABLE ${quotedIn(schema, stringOf(name, 'Table'))}`, own)];
    return operationsFrom(createTableSql(stringOf(name, 'Table'), schema, elements, of.named), own);
  }
  if (!/(^|\.)(Enum|ENUM)$/.test(pathOf(of.callee))) return null;
  if (path === '.drop') {
    const name = quotedIn(optionalString(of.named.get('schema'), 'schema'), stringOf(of.named.get('name'), 'name'));
    return [sqlOperation(`DROP TYPE ${checksFirst ? 'IF EXISTS ' : ''}${name}`, context)];
  }
  const { enumeration } = sqlType(of);
  return enumeration ? [sqlOperation(createEnum(enumeration), own)] : null;
}

const SESSION_INSERTS = new Set(['.add', '.add_all', '.bulk_save_objects', '.bulk_insert_mappings', '.merge']);

/** Changes of data through a session of SQLAlchemy's ORM; null for another call. */
function sessionStep(call: CallValue, path: string, context: OperationContext): readonly Operation[] | null {
  const step = (effects: Operation['effects']): readonly Operation[] => [
    { ...context, assumedTypes: {}, sql: null, effects, problem: null },
  ];
  if (/\bsession\.commit$/i.test(path)) return step([{ kind: 'transaction', what: 'commit' }]);
  if (call.callee.kind !== 'attribute') return null;
  if (SESSION_INSERTS.has(path) && isSession(call.callee.of))
    return step([{ kind: 'data', verb: 'insert', table: null }]);
  const queried = (path === '.update' || path === '.delete') && hasCall(call.callee.of, '.query');
  if (queried) return step([{ kind: 'data', verb: path === '.update' ? 'update' : 'delete', table: null }]);
  if (path === '.commit') return step([{ kind: 'transaction', what: 'commit' }]);
  return null;
}

const isSession = (value: Value): boolean =>
  value.kind === 'call' &&
  (/session/i.test(pathOf(value.callee)) || (value.callee.kind === 'call' && isSession(value.callee)));

const hasCall = (value: Value, path: string): boolean =>
  value.kind === 'call' &&
  (pathOf(value.callee) === path || (value.callee.kind === 'attribute' && hasCall(value.callee.of, path)));

/** The calls that values come from, themselves among them. */
function callsIn(values: readonly Value[]): ReadonlySet<CallValue> {
  const seen = new Set<Value>();
  const calls = new Set<CallValue>();
  const open = [...values];
  for (let value = open.pop(); value; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'call') {
      calls.add(value);
      open.push(value.callee, ...value.args, ...value.named.values());
    } else if (value.kind === 'attribute') open.push(value.of);
    else if (value.kind === 'list') open.push(...value.items);
    else if (value.kind === 'dict') open.push(...value.entries.flat());
  }
  return calls;
}
