import type { CommonTableExpr, Constraint, CreateStmt, JoinExpr, Node, TableLikeClause, WindowDef } from 'libpg-query';
import type { Deparser } from 'pgsql-deparser';

type Context = Parameters<Deparser['deparse']>[1] & {};

/** What LIKE can include, by its bit (parsenodes.h). */
const INCLUDED = [
  'COMMENTS',
  'COMPRESSION',
  'CONSTRAINTS',
  'DEFAULTS',
  'GENERATED',
  'IDENTITY',
  'INDEXES',
  'STATISTICS',
  'STORAGE',
] as const;
const ALL = 0x7fffffff;

/** The deparser, with the parts and quotes that pgsql-deparser 18.3.8 leaves out. */
export const withMends = (Base: typeof Deparser): typeof Deparser =>
  class extends Base {
    /** INCLUDE, WITH and the tablespace of a key, and the quotes of the index that it takes. */
    override Constraint(given: Constraint, context: Context): string {
      const node = this.#quoted(given, 'indexname');
      const { including = [], options = [], indexspace } = node;
      const isKey = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'].includes(node.contype ?? '');
      const whole = super.Constraint(node, context);
      if (!isKey || (including.length === 0 && options.length === 0 && indexspace === undefined)) return whole;
      const { deferrable: _deferrable, initdeferred: _deferred, where_clause: _where, ...head } = node;
      const beginning = super.Constraint(head, context);
      const list = (nodes: readonly Node[], of: Context): string =>
        nodes.map((one) => this.deparse(one, of) ?? '').join(', ');
      return [
        beginning,
        including.length === 0 ? '' : ` INCLUDE (${list(including, context)})`,
        options.length === 0 ? '' : ` WITH (${list(options, context.spawn('CreateStmt'))})`,
        indexspace === undefined ? '' : ` USING INDEX TABLESPACE ${this.quoteIfNeeded(indexspace)}`,
        whole.slice(beginning.length),
      ].join('');
    }

    override CreateStmt(node: CreateStmt, context: Context): string {
      const written = super.CreateStmt(node, context);
      return node.tablespacename === undefined
        ? written
        : `${written} TABLESPACE ${this.quoteIfNeeded(node.tablespacename)}`;
    }

    override CommonTableExpr(node: CommonTableExpr, context: Context): string {
      return super.CommonTableExpr(this.#quoted(node, 'ctename'), context);
    }

    override WindowDef(node: WindowDef, context: Context): string {
      return super.WindowDef(this.#quoted(this.#quoted(node, 'name'), 'refname'), context);
    }

    override formatOverClause(node: WindowDef, context: Context): string {
      return super.formatOverClause(this.#quoted(this.#quoted(node, 'name'), 'refname'), context);
    }

    override JoinExpr(node: JoinExpr, context: Context): string {
      const { join_using_alias: alias } = node;
      return super.JoinExpr(alias ? { ...node, join_using_alias: this.#quoted(alias, 'aliasname') } : node, context);
    }

    override TableLikeClause({ relation, options = 0 }: TableLikeClause, context: Context): string {
      const name = relation ? this.RangeVar(relation, context) : '';
      const included = INCLUDED.filter((_what, bit) => (options & (1 << bit)) !== 0);
      return ['LIKE', name, ...(options === ALL ? ['ALL'] : included).map((what) => `INCLUDING ${what}`)].join(' ');
    }

    #quoted<T extends object>(node: T, member: keyof T): T {
      const name = node[member];
      return typeof name === 'string' ? { ...node, [member]: this.quoteIfNeeded(name) } : node;
    }
  };
