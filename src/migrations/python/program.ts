import type { SyntaxNode } from '@lezer/common';
import type { Condition } from '../history.js';
import { bind, type CallValue, evaluate, type Evaluation, type FunctionValue } from './expressions.js';
import { Scope } from './scope.js';
import { childrenOf, type PythonSource } from './source.js';
import { equalValues, NONE, pathOf, truthOf, UNKNOWN, type Value } from './values.js';

/** Under what circumstances a call is reached. */
export interface CallSite {
  readonly condition: Condition | null;
  /** Inside of an `autocommit_block()`. */
  readonly autocommit: boolean;
}

/** What the reader of a program knows of the libraries that it uses. */
export interface Libraries {
  onCall(call: CallValue, site: CallSite): Value | undefined;
  onAttribute(of: Value, name: string): Value | undefined;
}

/** How a block ends: `return`, `raise`, `break` and `continue` leave it early. */
type Flow = 'next' | 'return' | 'raise' | 'break' | 'continue';

/** Functions within functions are followed so deep; a program that calls itself ends here. */
const MAX_DEPTH = 12;
/** Expressions that are looked at in one program at most. */
const MAX_STEPS = 300_000;

/**
 * Follows a program without executing it: constants, loops over known lists, local functions, conditions whose outcome
 * is known. Where the outcome is not known, both ways are followed, and every call on them carries the condition.
 */
export class Program {
  readonly module = new Scope();
  readonly #source: PythonSource;
  readonly #libraries: Libraries;
  readonly #evaluation: Evaluation;
  /** What the bodies of classes define, by name of the class. */
  readonly #classes = new Map<string, Scope>();
  #conditions: Condition[] = [];
  #autocommit = 0;
  #depth = 0;
  #steps = 0;
  #returned: Value = NONE;
  /** Some way through the function has returned already. */
  #mayHaveReturned = false;

  constructor(source: PythonSource, libraries: Libraries) {
    this.#source = source;
    this.#libraries = libraries;
    this.#evaluation = {
      source,
      onCall: (call) =>
        this.#libraries.onCall(call, { condition: this.#conditions.at(-1) ?? null, autocommit: this.#autocommit > 0 }),
      onAttribute: (of, name) =>
        (of.kind === 'name' ? this.#classes.get(of.path)?.get(name) : undefined) ??
        this.#libraries.onAttribute(of, name),
      enter: (call, definition) => this.#enter(call, definition),
      uncertain: (kind, node, run) => {
        this.#conditions.push({ kind, line: source.lineOf(node) });
        const value = run();
        this.#conditions.pop();
        return value;
      },
      goOn: () => this.#steps++ < MAX_STEPS,
    };
    this.#block(childrenOf(source.tree.topNode), this.module);
  }

  /** Follows a function of the module without arguments; false when there is none of that name. */
  run(name: string): boolean {
    const value = this.module.get(name);
    if (value?.kind !== 'function') return false;
    this.#enter(
      { kind: 'call', callee: value, args: [], named: new Map(), line: 0, isStatement: true },
      value.definition as FunctionValue,
    );
    return true;
  }

  #enter(call: CallValue, { node, scope }: FunctionValue): Value {
    const body = node.getChild('Body');
    if (!body || this.#depth >= MAX_DEPTH) return UNKNOWN;
    const own = new Scope(scope);
    this.#bindParameters(node, call, own);
    const [conditions, returned, mayHave] = [this.#conditions, this.#returned, this.#mayHaveReturned];
    this.#conditions = [...conditions];
    this.#returned = NONE;
    this.#mayHaveReturned = false;
    this.#depth++;
    this.#block(childrenOf(body).slice(1), own);
    this.#depth--;
    const value = this.#mayHaveReturned && this.#returned === NONE ? UNKNOWN : this.#returned;
    this.#conditions = conditions;
    this.#returned = returned;
    this.#mayHaveReturned = mayHave;
    return value;
  }

  #bindParameters(node: SyntaxNode, { args, named }: CallValue, scope: Scope): void {
    const children = node.getChild('ParamList') ? childrenOf(node.getChild('ParamList')!) : [];
    let position = 0;
    for (const [index, child] of children.entries()) {
      const marker = children[index - 1]?.name;
      if (child.name !== 'VariableName' || marker === '*' || marker === '**' || marker === 'AssignOp') continue;
      const name = this.#source.textOf(child);
      const after = children.slice(index + 1);
      const assign = after.findIndex((next) => next.name === 'AssignOp');
      const comma = after.findIndex((next) => next.name === ',');
      const otherwise = assign >= 0 && (comma < 0 || assign < comma) ? after[assign + 1] : undefined;
      const given = args[position++] ?? named.get(name);
      scope.set(name, given ?? (otherwise ? evaluate(otherwise, this.module, this.#evaluation) : UNKNOWN));
    }
  }

  #block(statements: readonly SyntaxNode[], scope: Scope): Flow {
    for (const statement of statements) {
      const flow = this.#statement(statement, scope);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  #statement(node: SyntaxNode, scope: Scope): Flow {
    const children = childrenOf(node);
    switch (node.name) {
      case 'ExpressionStatement':
        this.#evaluate(children[0], scope);
        return 'next';
      case 'AssignStatement':
        this.#assign(children, scope);
        return 'next';
      case 'UpdateStatement': {
        const [target, , value] = children;
        this.#evaluate(value, scope);
        if (target?.name === 'VariableName') scope.set(this.#source.textOf(target), UNKNOWN);
        return 'next';
      }
      case 'FunctionDefinition': {
        const name = node.getChild('VariableName');
        if (name)
          scope.set(this.#source.textOf(name), {
            kind: 'function',
            definition: { node, scope } satisfies FunctionValue,
          });
        return 'next';
      }
      case 'ClassDefinition': {
        const name = node.getChild('VariableName');
        const body = new Scope(scope);
        this.#body(node, body);
        if (name) this.#classes.set(this.#source.textOf(name), body);
        return 'next';
      }
      case 'DecoratedStatement':
        return this.#block(
          children.filter(({ name }) => name === 'FunctionDefinition' || name === 'ClassDefinition'),
          scope,
        );
      case 'ImportStatement':
        this.#import(children, scope);
        return 'next';
      case 'StatementGroup':
        return this.#block(children, scope);
      case 'IfStatement':
        return this.#if(node, scope);
      case 'ForStatement':
        return this.#for(node, scope);
      case 'WhileStatement': {
        this.#evaluate(children[1], scope);
        const flow = this.#uncertain({ kind: 'loop', line: this.#source.lineOf(node) }, () => this.#body(node, scope));
        this.#else(node, scope);
        return flow;
      }
      case 'MatchStatement':
        return this.#match(node, scope);
      case 'WithStatement':
        return this.#with(node, scope);
      case 'TryStatement':
        return this.#try(node, scope);
      case 'ReturnStatement': {
        const value = children[1] ? this.#evaluate(children[1], scope) : NONE;
        this.#returned = this.#mayHaveReturned ? UNKNOWN : value;
        return 'return';
      }
      case 'RaiseStatement':
        return 'raise';
      case 'BreakStatement':
        return 'break';
      case 'ContinueStatement':
        return 'continue';
      case 'AssertStatement':
      case 'DeleteStatement':
      case 'YieldStatement':
        for (const child of children) this.#evaluate(child, scope);
        return 'next';
      default:
        return 'next';
    }
  }

  #evaluate(node: SyntaxNode | undefined, scope: Scope): Value {
    return node ? evaluate(node, scope, this.#evaluation) : UNKNOWN;
  }

  #assign(children: readonly SyntaxNode[], scope: Scope): void {
    const lastAssign = children.findLastIndex(({ name }) => name === 'AssignOp');
    if (lastAssign < 0) return;
    const values = children.slice(lastAssign + 1).filter(({ name }) => name !== ',');
    const value: Value =
      values.length === 1
        ? this.#evaluate(values[0], scope)
        : { kind: 'list', items: values.map((one) => this.#evaluate(one, scope)) };
    let targets: SyntaxNode[] = [];
    for (const child of children.slice(0, lastAssign + 1)) {
      if (child.name === 'AssignOp') {
        bind(targets, value, scope, this.#evaluation);
        targets = [];
      } else if (child.name !== ',' && child.name !== 'TypeDef') targets.push(child);
    }
  }

  #import(children: readonly SyntaxNode[], scope: Scope): void {
    const text = children
      .map((child) => this.#source.textOf(child))
      .join(' ')
      .replaceAll(/\s*\.\s*/g, '.');
    const from = /^from ([\w.]+) import \(?(.*?)\)?$/s.exec(text);
    const names = (from?.[2] ?? text.replace(/^import /, '')).split(',');
    for (const item of names) {
      const [, path = '', alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item) ?? [];
      if (path === '') continue;
      if (from) scope.set(alias ?? path, { kind: 'name', path: `${from[1]}.${path}` });
      else if (alias) scope.set(alias, { kind: 'name', path });
      else scope.set(path.split('.')[0]!, { kind: 'name', path: path.split('.')[0]! });
    }
  }

  #body(node: SyntaxNode, scope: Scope): Flow {
    const body = node.getChild('Body');
    return body ? this.#block(childrenOf(body).slice(1), scope) : 'next';
  }

  /** What is done only perhaps, or perhaps often. */
  #uncertain(condition: Condition, run: () => Flow): Flow {
    this.#conditions.push(condition);
    const flow = run();
    this.#conditions.pop();
    return flow === 'break' || flow === 'continue' ? 'next' : flow;
  }

  #if(node: SyntaxNode, scope: Scope): Flow {
    const children = childrenOf(node);
    const before = scope.snapshot();
    const ways: { readonly names: ReadonlyMap<string, Value>; readonly flow: Flow; readonly returned: Value }[] = [];
    let certain = false;
    for (const [index, child] of children.entries()) {
      if (child.name !== 'Body') continue;
      const isElse = children[index - 1]?.name === 'else';
      const truth = isElse ? true : truthOf(this.#evaluate(children[index - 1], scope));
      if (truth === false) continue;
      const statements = childrenOf(child).slice(1);
      if (truth === true && ways.length === 0) return this.#block(statements, scope);
      this.#conditions.push({ kind: ways.length === 0 ? 'if' : 'else', line: this.#source.lineOf(node) });
      scope.restore(before);
      const flow = this.#block(statements, scope);
      this.#conditions.pop();
      ways.push({ names: scope.snapshot(), flow, returned: this.#returned });
      if (truth === true) {
        certain = true;
        break;
      }
    }
    return this.#join(ways, certain ? null : before, scope, this.#source.lineOf(node));
  }

  /** Brings together the ways through a branch. */
  #join(
    ways: readonly { readonly names: ReadonlyMap<string, Value>; readonly flow: Flow; readonly returned: Value }[],
    untouched: ReadonlyMap<string, Value> | null,
    scope: Scope,
    line: number,
  ): Flow {
    const returns = ways.filter(({ flow }) => flow === 'return');
    const [first] = returns;
    if (first && returns.some(({ returned }) => equalValues(returned, first.returned) !== true))
      this.#returned = UNKNOWN;
    const goingOn = [
      ...ways.filter(({ flow }) => flow === 'next').map(({ names }) => names),
      ...(untouched ? [untouched] : []),
    ];
    const [one, ...others] = goingOn;
    if (!one) return ways[0]?.flow ?? 'next';
    scope.restore(one);
    for (const other of others) scope.merge(other);
    if (ways.some(({ flow }) => flow !== 'next' && flow !== 'raise')) {
      if (first) this.#mayHaveReturned = true;
      this.#conditions.push({ kind: 'after-return', line });
    }
    return 'next';
  }

  /** One of the cases is taken, or none. */
  #match(node: SyntaxNode, scope: Scope): Flow {
    this.#evaluate(childrenOf(node)[1], scope);
    const before = scope.snapshot();
    const line = this.#source.lineOf(node);
    const ways = (node.getChild('MatchBody')?.getChildren('MatchClause') ?? []).map((clause) => {
      this.#conditions.push({ kind: 'if', line });
      scope.restore(before);
      for (const name of namesIn(clause.firstChild?.nextSibling)) scope.set(this.#source.textOf(name), UNKNOWN);
      const flow = this.#body(clause, scope);
      this.#conditions.pop();
      return { names: scope.snapshot(), flow, returned: this.#returned };
    });
    return this.#join(ways, before, scope, line);
  }

  /** After a loop that was not left by `break`. */
  #else(node: SyntaxNode, scope: Scope): void {
    const [, body] = node.getChildren('Body');
    if (!body) return;
    const line = this.#source.lineOf(body);
    this.#uncertain({ kind: 'else', line }, () => this.#block(childrenOf(body).slice(1), scope));
  }

  #for(node: SyntaxNode, scope: Scope): Flow {
    const children = childrenOf(node);
    const inAt = children.findIndex(({ name }) => name === 'in');
    const bodyAt = children.findIndex(({ name }) => name === 'Body');
    const targets = children
      .slice(children.findIndex(({ name }) => name === 'for') + 1, inAt)
      .filter(({ name }) => name !== ',');
    const collections = children.slice(inAt + 1, bodyAt).filter(({ name }) => name !== ',');
    const collection: Value =
      collections.length === 1
        ? this.#evaluate(collections[0], scope)
        : { kind: 'list', items: collections.map((one) => this.#evaluate(one, scope)) };
    const items =
      collection.kind === 'list'
        ? collection.items
        : collection.kind === 'dict'
          ? collection.entries.map(([key]) => key)
          : null;
    if (!items) {
      bind(targets, UNKNOWN, scope, this.#evaluation);
      const flow = this.#uncertain({ kind: 'loop', line: this.#source.lineOf(node) }, () => this.#body(node, scope));
      this.#else(node, scope);
      return flow;
    }
    for (const item of items) {
      bind(targets, item, scope, this.#evaluation);
      const depth = this.#conditions.length;
      const flow = this.#body(node, scope);
      this.#conditions.length = depth;
      if (flow === 'break') break;
      if (flow === 'return' || flow === 'raise') return flow;
    }
    this.#else(node, scope);
    return 'next';
  }

  #with(node: SyntaxNode, scope: Scope): Flow {
    const children = childrenOf(node);
    let value: Value = UNKNOWN;
    let blocks = 0;
    for (const [index, child] of children.entries()) {
      if (child.name === 'Body') break;
      if (child.name === 'with' || child.name === 'as' || child.name === ',' || child.name === 'async') continue;
      if (children[index - 1]?.name === 'as') bind([child], value, scope, this.#evaluation);
      else value = this.#evaluate(child, scope);
      if (value.kind === 'call' && pathOf(value.callee) === '.autocommit_block') blocks = 1;
    }
    this.#autocommit += blocks;
    const flow = this.#body(node, scope);
    this.#autocommit -= blocks;
    return flow;
  }

  /** The body of a `try` is followed, and what happens after an error as something that perhaps happens. */
  #try(node: SyntaxNode, scope: Scope): Flow {
    const parts: { readonly kind: string; readonly statements: readonly SyntaxNode[] }[] = [];
    let kind = '';
    for (const child of childrenOf(node)) {
      if (child.name === 'Body') parts.push({ kind, statements: childrenOf(child).slice(1) });
      else if (['try', 'except', 'else', 'finally'].includes(child.name)) kind = child.name;
    }
    const line = this.#source.lineOf(node);
    const follow = (wanted: string): Flow => {
      const own = parts.find((part) => part.kind === wanted);
      return own ? this.#block(own.statements, scope) : 'next';
    };
    const handlers = parts.filter((part) => part.kind === 'except');
    const flow = handlers.length > 0 ? this.#uncertain({ kind: 'try', line }, () => follow('try')) : follow('try');
    const after = scope.snapshot();
    for (const { statements } of handlers) {
      const returned = this.#returned;
      this.#uncertain({ kind: 'try', line }, () => this.#block(statements, scope));
      this.#returned = returned;
      scope.restore(after);
    }
    follow('finally');
    return flow === 'next' ? follow('else') : flow;
  }
}

/** Names that a pattern binds, among others. */
function namesIn(pattern: SyntaxNode | null | undefined): readonly SyntaxNode[] {
  if (!pattern || pattern.name === 'Body') return [];
  return pattern.name === 'VariableName' ? [pattern] : childrenOf(pattern).flatMap(namesIn);
}
