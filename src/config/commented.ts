import { Document, isCollection, visit } from 'yaml';
import { EXAMPLES } from './examples.js';
import { configJsonSchema, type JsonSchema } from './json-schema.js';

/**
 * A configuration file with every key at its default. Keys without one, and those that take their members from a choice
 * (the generator, workloads, indexes), are written as comments with all that they may hold.
 */
export function commentedConfig(): string {
  const { properties = {} } = configJsonSchema();
  const entries = Object.entries(properties).map(([key, member]) => `${comment(member, '')}${entry(key, member)}`);
  return `# Configuration of pgvtune. Every key is optional; what is written here are the defaults.\n\n${entries.join('\n')}`;
}

const comment = ({ description }: JsonSchema, indent: string): string =>
  description === undefined ? '' : `${indent}# ${description}\n`;

function entry(key: string, member: JsonSchema): string {
  if (member.properties) {
    const members = Object.entries(member.properties).map(([name, each]) => {
      return `${comment(each, '  ')}${leaf(name, each, [key, name], '  ')}`;
    });
    return `${key}:\n${members.join('')}`;
  }
  const lines = expansion(key, member, [key]);
  return lines === null ? leaf(key, member, [key], '') : lines.map((line) => `# ${line}\n`).join('');
}

/** A key at its default; as a comment where it has none. */
function leaf(key: string, member: JsonSchema, path: readonly string[], indent: string): string {
  const isDefault = member.default !== undefined && EXAMPLES[path.join('.')] === undefined;
  return `${indent}${isDefault ? '' : '# '}${yamlLine({ [key]: valueOf(member, path) })}\n`;
}

/** A key with all that its value may hold, a line a member with its meaning behind it; null for a plain value. */
function expansion(key: string, member: JsonSchema, path: readonly string[]): string[] | null {
  const example = EXAMPLES[path.join('.')];
  if (example !== undefined) return namedExamples(key, example);
  const list = listedObjects(member);
  if (list !== null)
    return [`${key}:`, ...indented(list.flatMap(([name, each]) => listEntry(name, each, [...path, name])))];
  const members = membersOf(member);
  if (members === null) return null;
  if (members.length === 0) return [`${key}: {}`];
  return [...objectLines(key, members, path), ...otherObjects(key, member, path)];
}

const objectLines = (key: string, members: Members, path: readonly string[]): string[] => [
  `${key}:`,
  ...indented(members.flatMap(([name, each]) => memberLines(name, each, [...path, name]))),
];

/** What may stand in the place of an object, as comments: a key has one value. */
function otherObjects(key: string, { anyOf = [] }: JsonSchema, path: readonly string[]): string[] {
  const [, ...others] = anyOf.flatMap((each) => (each.properties ? [Object.entries(each.properties)] : []));
  return others.flatMap((members) => objectLines(key, members, path).map((line) => `# ${line}`));
}

/** Examples that have names get lines of their own. */
function namedExamples(key: string, example: unknown): string[] | null {
  if (typeof example !== 'object' || example === null || Array.isArray(example)) return null;
  const examples = Object.entries(example);
  if (!examples.every(([, each]) => typeof each === 'object')) return null;
  return [`${key}:`, ...indented(examples.map(([name, each]) => yamlLine({ [name]: each as unknown })))];
}

function memberLines(key: string, member: JsonSchema, path: readonly string[]): string[] {
  const [first, ...rest] = expansion(key, member, path) ?? [yamlLine({ [key]: valueOf(member, path) })];
  const { description } = member;
  return [description === undefined ? first! : `${first} # ${description}`, ...rest];
}

function listEntry(key: string, member: JsonSchema, path: readonly string[]): string[] {
  const [first, ...rest] = memberLines(key, member, path);
  return [`- ${first}`, ...indented(rest)];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

type Members = readonly (readonly [string, JsonSchema])[];

/** The members of an object, or of the object among alternatives; an entry a kind where users choose the names. */
function membersOf(schema: JsonSchema): Members | null {
  if (schema.properties) return Object.entries(schema.properties);
  const named = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
  const kinds = (named?.oneOf ?? []).map((kind) => [String(kind.properties?.['kind']?.const), kind] as const);
  if (kinds.length > 0) return kinds;
  return schema.anyOf?.map(membersOf).find((members) => members !== null) ?? null;
}

/** What the entries of a list may be called, where they are objects of one member each. */
function listedObjects({ items }: JsonSchema): readonly (readonly [string, JsonSchema])[] | null {
  const objects = (items?.anyOf ?? (items ? [items] : [])).flatMap(({ properties }) =>
    Object.entries(properties ?? {}),
  );
  return objects.length === 0 ? null : objects;
}

/** @throws {TypeError} for a key that has neither a default nor an example: give it one */
function valueOf({ default: value, enum: choices, const: only }: JsonSchema, path: readonly string[]): unknown {
  const shown = EXAMPLES[path.join('.')] ?? value ?? only ?? choices?.[0];
  if (shown !== undefined) return shown;
  throw new TypeError(`Expected an example for the key ${path.join('.')}.`);
}

/** One line of YAML, whose lists and objects are in brackets. */
function yamlLine(value: Readonly<Record<string, unknown>>): string {
  const document = new Document(value);
  visit(document, {
    Pair: (_, { value: node }) => {
      if (isCollection(node)) node.flow = true;
    },
  });
  return document.toString({ flowCollectionPadding: true, lineWidth: 0 }).trimEnd();
}
