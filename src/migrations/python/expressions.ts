import type { SyntaxNode } from '@lezer/common';
import type { Condition } from '../history.js';
import { callBuiltin, callMethod, joined, lookUp, percentFormatted } from './methods.js';
import { Scope } from './scope.js';
import { childrenOf, type PythonSource } from './source.js';
import { literalParts, unescape } from './strings.js';
import { constant, equalValues, listOf, NONE, pathOf, truthOf, UNKNOWN, type Value } from './values.js';

export type CallValue = Extract<Value, { kind: 'call' }>;

/** What a reader of programs adds to the language. */
export interface Evaluation {
  readonly source: PythonSource;
  /** Sees every call that is reached, and may know its value. */
  onCall(call: CallValue): Value | undefined;
  /** The value of an attribute, where it is known (`bind.dialect.name`). */
  onAttribute(of: Value, name: string): Value | undefined;
  /** The value of a call of a function of the program. */
  enter(call: CallValue, definition: FunctionValue): Value;
  /** Evaluates what runs only perhaps, or perhaps often. */
  uncertain(kind: Condition['kind'], node: SyntaxNode, run: () => Value): Value;
  /** False when the program is too long to be followed. */
  goOn(): boolean;
}

/** A function of the program. */
export interface FunctionValue {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

/** What is known of the value of an expression. */
export function evaluate(node: SyntaxNode, scope: Scope, context: Evaluation): Value {
  if (!context.goOn()) return UNKNOWN;
  const { source } = context;
  const inner = (child: SyntaxNode | undefined): Value => (child ? evaluate(child, scope, context) : UNKNOWN);
  const children = childrenOf(node);
  switch (node.name) {
    case 'String': {
      const { prefix, body } = literalParts(source.textOf(node));
      return constant(unescape(body, prefix.includes('r')));
    }
    case 'FormatString':
      return formatString(node, scope, context);
    case 'ContinuedString':
      return joined(children.map(inner));
    case 'Number': {
      const number = Number(source.textOf(node).replaceAll('_', ''));
      return Number.isNaN(number) ? UNKNOWN : constant(number);
    }
    case 'Boolean':
      return constant(source.textOf(node) === 'True');
    case 'None':
      return NONE;
    case 'VariableName': {
      const name = source.textOf(node);
      return scope.get(name) ?? { kind: 'name', path: name };
    }
    case 'ParenthesizedExpression':
      return inner(children.find(({ name }) => name !== '(' && name !== ')'));
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
      return listValue(children.filter(isOperand), scope, context);
    case 'DictionaryExpression':
      return dictionary(children, inner);
    case 'MemberExpression':
      return member(node, children, inner, context);
    case 'CallExpression':
      return call(node, children, scope, context);
    case 'ConditionalExpression': {
      const [yes, , condition, , no] = children;
      const truth = truthOf(inner(condition));
      if (truth !== undefined) return inner(truth ? yes : no);
      const [one, other] = [
        context.uncertain('if', node, () => inner(yes)),
        context.uncertain('else', node, () => inner(no)),
      ];
      return equalValues(one, other) === true ? one : UNKNOWN;
    }
    case 'UnaryExpression': {
      const value = inner(children.at(-1));
      const operator = children[0] ? source.textOf(children[0]) : '';
      if (operator === 'not') {
        const truth = truthOf(value);
        return truth === undefined ? UNKNOWN : constant(!truth);
      }
      if (operator === '~' && isObject(value)) return methodCall(value, '__invert__', NONE);
      return operator === '-' && value.kind === 'constant' && typeof value.value === 'number'
        ? constant(-value.value)
        : UNKNOWN;
    }
    case 'BinaryExpression': {
      const operator = children
        .slice(1, -1)
        .map((child) => source.textOf(child))
        .join(' ');
      const right = (): Value => inner(children.at(-1));
      return binary(operator, inner(children[0]), right, () => context.uncertain('if', node, right));
    }
    case 'ArrayComprehensionExpression':
    case 'SetComprehensionExpression':
      return comprehension(node, children, scope, context);
    case 'DictionaryComprehensionExpression':
    case 'ComprehensionExpression':
      return otherComprehension(node, children, scope, context);
    case 'AwaitExpression':
      return inner(children.at(-1));
    case 'NamedExpression': {
      const value = inner(children.at(-1));
      if (children[0]) scope.set(source.textOf(children[0]), value);
      return value;
    }
    case 'LambdaExpression':
      return UNKNOWN;
    default:
      return all(children, inner);
  }
}

/** Looks at all parts of an expression whose value is not known. */
function all(children: readonly SyntaxNode[], inner: (node: SyntaxNode) => Value): Value {
  for (const child of children) inner(child);
  return UNKNOWN;
}

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ':', '*', '**']);
const isOperand = ({ name }: SyntaxNode): boolean => !PUNCTUATION.has(name) || name === '*';

function listValue(nodes: readonly SyntaxNode[], scope: Scope, context: Evaluation): Value {
  const items: Value[] = [];
  for (const [index, node] of nodes.entries()) {
    if (node.name === '*') continue;
    const value = evaluate(node, scope, context);
    if (nodes[index - 1]?.name !== '*') items.push(value);
    else if (value.kind === 'list') items.push(...value.items);
    else return UNKNOWN;
  }
  return listOf(items);
}

function dictionary(children: readonly SyntaxNode[], inner: (node: SyntaxNode) => Value): Value {
  const entries: (readonly [Value, Value])[] = [];
  for (const [index, child] of children.entries()) {
    if (child.name === ':' && children[index - 1] && children[index + 1]) {
      entries.push([inner(children[index - 1]!), inner(children[index + 1]!)]);
    } else if (child.name === '**' && children[index + 1]) {
      const spread = inner(children[index + 1]!);
      if (spread.kind !== 'dict') return UNKNOWN;
      entries.push(...spread.entries);
    }
  }
  return { kind: 'dict', entries };
}

function formatString(node: SyntaxNode, scope: Scope, context: Evaluation): Value {
  const { prefix, body, offset } = literalParts(context.source.textOf(node));
  const start = node.from + offset;
  const literal = (from: number, to: number): Value =>
    constant(unescape(body.slice(from, to), prefix.includes('r')).replaceAll('{{', '{').replaceAll('}}', '}'));
  const parts: Value[] = [];
  let at = 0;
  for (const child of childrenOf(node)) {
    if (child.name !== 'FormatReplacement') continue;
    parts.push(literal(at, child.from - start));
    const [, expression, ...more] = childrenOf(child);
    const plain = more.every(({ name }) => name === '}');
    parts.push(expression && plain ? evaluate(expression, scope, context) : UNKNOWN);
    at = child.to - start;
  }
  return joined([...parts, literal(at, body.length)]);
}

function member(
  node: SyntaxNode,
  children: readonly SyntaxNode[],
  inner: (node: SyntaxNode | undefined) => Value,
  context: Evaluation,
): Value {
  const of = inner(children[0]);
  const property = node.getChild('PropertyName');
  if (!property) {
    const keys = children.slice(1).filter(isOperand);
    const [key] = keys;
    if (keys.length !== 1 || !key || children.some(({ name }) => name === ':')) return UNKNOWN;
    const index = inner(key);
    if (of.kind === 'dict') return lookUp(of, index) ?? UNKNOWN;
    if (of.kind === 'list' && index.kind === 'constant' && typeof index.value === 'number')
      return of.items.at(index.value) ?? UNKNOWN;
    return UNKNOWN;
  }
  const name = context.source.textOf(property);
  const known = context.onAttribute(of, name);
  if (known) return known;
  return of.kind === 'name' ? { kind: 'name', path: `${of.path}.${name}` } : { kind: 'attribute', of, name };
}

function call(node: SyntaxNode, children: readonly SyntaxNode[], scope: Scope, context: Evaluation): Value {
  const [target] = children;
  const list = node.getChild('ArgList');
  if (!target || !list) return UNKNOWN;
  const callee = evaluate(target, scope, context);
  const { args, named } = argumentsOf(list, scope, context);
  const value: CallValue = {
    kind: 'call',
    callee,
    args,
    named,
    line: context.source.lineOf(node),
    isStatement: node.parent?.name === 'ExpressionStatement',
  };
  if (callee.kind === 'function') return context.enter(value, callee.definition as FunctionValue);
  const known = context.onCall(value);
  if (known) return known;
  if (callee.kind === 'attribute') return callMethod(callee.of, callee.name, value) ?? value;
  return callBuiltin(pathOf(callee), args) ?? value;
}

function argumentsOf(list: SyntaxNode, scope: Scope, context: Evaluation) {
  const args: Value[] = [];
  const named = new Map<string, Value>();
  const children = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')');
  let part: SyntaxNode[] = [];
  const flush = (): void => {
    const [first, second, third] = part;
    const rest = part.slice(1);
    part = [];
    if (!first) return;
    if (second?.name === 'for') args.push(comprehension(list, [first, first, ...rest], scope, context));
    else if (second?.name === 'AssignOp' && third)
      named.set(context.source.textOf(first), evaluate(third, scope, context));
    else if (first.name === '*' && second) {
      const value = evaluate(second, scope, context);
      if (value.kind === 'list') args.push(...value.items);
      else args.push(UNKNOWN);
    } else if (first.name === '**' && second) {
      const value = evaluate(second, scope, context);
      if (value.kind === 'dict')
        for (const [key, own] of value.entries) if (key.kind === 'constant') named.set(String(key.value), own);
    } else args.push(second ? UNKNOWN : evaluate(first, scope, context));
  };
  for (const child of children) {
    if (child.name === ',') flush();
    else part.push(child);
  }
  flush();
  return { args, named };
}

function binary(operator: string, left: Value, rightOf: () => Value, rightPerhaps: () => Value): Value {
  if (operator === 'and' || operator === 'or') {
    const truth = truthOf(left);
    if (truth === (operator === 'or')) return left;
    const right = truth === undefined ? rightPerhaps() : rightOf();
    if (truth !== undefined) return right;
    return truthOf(right) === (operator === 'or') ? right : UNKNOWN;
  }
  const right = rightOf();
  const overloaded = OVERLOADED[operator];
  if (overloaded !== undefined && (isObject(left) || isObject(right))) return methodCall(left, overloaded, right);
  const equal = equalValues(left, right);
  switch (operator) {
    case '==':
    case 'is':
      return equal === undefined ? UNKNOWN : constant(equal);
    case '!=':
    case 'is not':
      return equal === undefined ? UNKNOWN : constant(!equal);
    case 'in':
    case 'not in': {
      const within = contains(right, left);
      return within === undefined ? UNKNOWN : constant(within === (operator === 'in'));
    }
    case '%':
      return left.kind === 'constant' && typeof left.value === 'string' ? percentFormatted(left.value, right) : UNKNOWN;
    case '+':
      return sum(left, right);
    default:
      return UNKNOWN;
  }
}

/** Operators that a library may give a meaning of its own: SQLAlchemy's `column('a') == 1` is an expression of SQL. */
const OVERLOADED: Readonly<Record<string, string>> = {
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '<=': '__le__',
  '>': '__gt__',
  '>=': '__ge__',
  '&': '__and__',
  '|': '__or__',
};

const isObject = ({ kind }: Value): boolean => kind === 'call' || kind === 'attribute';

const methodCall = (of: Value, name: string, argument: Value): Value => ({
  kind: 'call',
  callee: { kind: 'attribute', of, name },
  args: [argument],
  named: new Map(),
  line: 0,
  isStatement: false,
});

function sum(left: Value, right: Value): Value {
  if (left.kind === 'list' && right.kind === 'list') return listOf([...left.items, ...right.items]);
  if (
    left.kind === 'constant' &&
    right.kind === 'constant' &&
    typeof left.value === 'number' &&
    typeof right.value === 'number'
  ) {
    return constant(left.value + right.value);
  }
  const isText = (value: Value): boolean =>
    value.kind === 'text' || (value.kind === 'constant' && typeof value.value === 'string');
  return isText(left) || isText(right) ? joined([left, right]) : UNKNOWN;
}

function contains(collection: Value, item: Value): boolean | undefined {
  if (collection.kind === 'constant' && typeof collection.value === 'string') {
    return item.kind === 'constant' && typeof item.value === 'string'
      ? collection.value.includes(item.value)
      : undefined;
  }
  const items =
    collection.kind === 'list'
      ? collection.items
      : collection.kind === 'dict'
        ? collection.entries.map(([key]) => key)
        : undefined;
  const answers = items?.map((one) => equalValues(one, item));
  if (!answers) return undefined;
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

/** `[expression for name in list if condition]` over a list that is known. */
function comprehension(node: SyntaxNode, children: readonly SyntaxNode[], scope: Scope, context: Evaluation): Value {
  const at = (name: string): number => children.findIndex((child) => child.name === name);
  const [forAt, inAt, ifAt] = [at('for'), at('in'), at('if')];
  const [expression, collection] = [children[1], children[inAt + 1]];
  if (forAt !== 2 || inAt < 0 || !expression || !collection) return UNKNOWN;
  const items = evaluate(collection, scope, context);
  const targets = children.slice(forAt + 1, inAt).filter(isOperand);
  /** Whether it is evaluated, and how often, is not known. */
  const perhaps = (kind: Condition['kind'], own: Scope): Value => {
    context.uncertain(kind, node, () => evaluate(expression, own, context));
    return UNKNOWN;
  };
  if (items.kind !== 'list') {
    const own = new Scope(scope);
    bind(targets, UNKNOWN, own, context);
    return perhaps('loop', own);
  }
  const found: Value[] = [];
  for (const item of items.items) {
    const own = new Scope(scope);
    bind(targets, item, own, context);
    const wanted = ifAt < 0 || !children[ifAt + 1] ? true : truthOf(evaluate(children[ifAt + 1]!, own, context));
    if (wanted === undefined) return perhaps('if', own);
    if (wanted) found.push(evaluate(expression, own, context));
  }
  return listOf(found);
}

/** What a dictionary or a generator makes is not known; what it calls is. */
function otherComprehension(
  node: SyntaxNode,
  children: readonly SyntaxNode[],
  scope: Scope,
  context: Evaluation,
): Value {
  const own = new Scope(scope);
  for (const [index, child] of children.entries()) {
    if (child.name !== 'for') continue;
    const length = children.slice(index).findIndex(({ name }) => name === 'in');
    bind(children.slice(index + 1, index + length).filter(isOperand), UNKNOWN, own, context);
  }
  return context.uncertain('loop', node, () => all(children, (child) => evaluate(child, own, context)));
}

/** Assigns a value to names, taking a list apart where there are several. */
export function bind(targets: readonly SyntaxNode[], value: Value, scope: Scope, context: Evaluation): void {
  const [only] = targets;
  if (targets.length === 1 && only) {
    if (only.name === 'VariableName') scope.set(context.source.textOf(only), value);
    else if (
      only.name === 'TupleExpression' ||
      only.name === 'ArrayExpression' ||
      only.name === 'ParenthesizedExpression'
    ) {
      bind(childrenOf(only).filter(isOperand), value, scope, context);
    }
    return;
  }
  for (const [index, target] of targets.entries()) {
    bind([target], (value.kind === 'list' ? value.items[index] : undefined) ?? UNKNOWN, scope, context);
  }
}
