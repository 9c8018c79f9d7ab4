import type { CallValue } from '../python/expressions.js';
import { pathOf, type Value } from '../python/values.js';
import { lastName } from './sql-text.js';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Built-in functions that change nothing outside of the program. */
const BUILTINS = words(`
  abs all any ascii bin bool bytearray bytes callable chr complex dict dir divmod enumerate filter float format frozenset
  getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow print range repr
  reversed round set slice sorted str sum super tuple type vars zip`);

/** Functions of modules that change no database, file, process or service. */
const PURE_FUNCTIONS = new RegExp(
  `^(${[
    String.raw`alembic\.(util|context\.(is_|get_)\w+)`,
    'sqlalchemy|sa|sqlmodel|pgvector',
    'base64|calendar|collections|contextlib|copy|csv|dataclasses|datetime|dateutil|decimal|enum|fractions|functools|hashlib|html',
    'inspect|itertools|json|math|numbers|operator|random|re|secrets|statistics|string|struct|textwrap|time|traceback|typing',
    'unicodedata|uuid|warnings|zoneinfo|pytz|slugify|urllib\\.parse|dotenv',
    'logging|loguru|structlog|rich|tqdm|click',
    String.raw`os\.(getenv|getcwd|environ\.get|path\.\w+)`,
  ].join('|')})(\\.|$)`,
);

/** `app.logging.logger.info`: what an application tells its log. */
const LOGGING = /(^|\.)_?((log|logger|logging)\.\w+|(get|setup)_?logger)$/i;

/** `db.func.now()`, by whatever way the name of SQLAlchemy was imported. */
const SQL_FUNCTION = /\.(func|sqlalchemy|sa)\.\w+$/;

/** Methods that read or build a value, of whatever they are methods. */
const PURE_METHODS = words(`
  add append as_posix bit_length capitalize clear copy count date decode difference digest discard encode endswith extend
  fillna find findall finditer format fromkeys fullmatch get getvalue group groupdict groups hex hexdigest index insert
  intersection is_dir is_file isalnum isalpha isdigit isidentifier islower isnumeric isoformat isspace issubset issuperset
  isupper items joinpath keys ljust lower lstrip match most_common partition pop popitem relative_to remove removeprefix
  removesuffix replace resolve reverse rfind rjust rpartition rsplit rstrip search setdefault sort split splitlines
  startswith strftime strip sub swapcase time timestamp timetuple title tobytes today tolist total_seconds translate
  union update upper utcnow values weekday with_name with_suffix zfill _asdict model_dump model_dump_json model_validate

  critical debug error exception info log warn warning

  alias all all_ any any_ asc between bindparams bool_op cast collate column columns comparator compile concat contains
  correlate correlate_except cross_join cte desc distinct element_of except_ except_all exists extract fetch filter
  filter_by from_self from_select func group_by has having icontains iendswith ilike in_ intersect intersect_all is_
  is_distinct_from is_not is_not_distinct_from isnot istartswith join label lateral like limit literal match method
  not_in not_like not_ilike notilike notin_ notlike next_value nulls_first nulls_last nullsfirst nullslast offset
  on_conflict_do_nothing on_conflict_do_update on_duplicate_key_update op operate options order_by outerjoin over params
  prefix_with regexp_match regexp_replace returning returning_column reverse_operate scalar_subquery select select_from
  select_entity_from self_group slice subquery suffix_with table_valued tablesample type_coerce union_all values where with_entities
  with_for_update with_hint with_only_columns with_statement_hint within_group

  count fetchall fetchmany fetchone first freeze keys mappings one one_or_none partitions scalar scalar_one
  scalar_one_or_none scalars tuples unique yield_per query

  begin begin_nested autocommit_block close connect connection cursor dispose execution_options expire expire_all expunge
  expunge_all flush get_isolation_level get_transaction in_transaction invalidate is_active no_autoflush refresh rollback

  get_bind get_check_constraints get_columns get_context get_enums get_foreign_key_constraints get_foreign_keys
  get_indexes get_materialized_view_names get_multi_columns get_multi_indexes get_pk_constraint get_schema_names
  get_sequence_names get_table_comment get_table_names get_table_options get_temp_table_names get_unique_constraints
  get_view_definition get_view_names has_index has_schema has_sequence has_table reflect reflect_table with_variant
  evaluates_none as_mutable`);

/**
 * Whether a call, which is no operation of Alembic or SQLAlchemy, is known to change nothing. What is not known may do
 * anything.
 */
export function isHarmless({ callee, isStatement }: CallValue): boolean {
  const path = pathOf(callee);
  const name = lastName(path);
  switch (callee.kind) {
    case 'name':
      if (BUILTINS.has(path) || PURE_FUNCTIONS.test(path) || LOGGING.test(path) || SQL_FUNCTION.test(path)) return true;
      // A class: a description of a type, a model or an error. `Users.id.in_(…)`: its attributes are columns.
      return isClass(name) ? !isStatement : hasClass(path) && PURE_METHODS.has(name);
    case 'attribute':
      return PURE_METHODS.has(name) || isOfBuiltInType(callee.of) || isClass(name);
    case 'call':
      // `sessionmaker(…)()`, `column('a').op('||')(…)`
      return /^(sqlalchemy|sa|alembic)\./.test(rootPath(callee));
    case 'constant':
    case 'dict':
    case 'function':
    case 'list':
    case 'text':
    case 'unknown':
      return false;
  }
}

const isClass = (name: string): boolean => /^_?[A-Z]/.test(name);
const hasClass = (path: string): boolean => path.split('.').slice(0, -1).some(isClass);
const isOfBuiltInType = ({ kind }: Value): boolean =>
  kind === 'constant' || kind === 'text' || kind === 'list' || kind === 'dict';

/** What a chain of calls begins with: `sqlalchemy.table` of `sa.table('a').insert().values(…)`. */
export function rootPath(value: Value): string {
  if (value.kind === 'call') return rootPath(value.callee);
  return value.kind === 'attribute' ? rootPath(value.of) : pathOf(value);
}
