import { Document, isScalar, visit } from 'yaml';
import { z } from 'zod';
import { configSchema } from './schema.js';

interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
}

/** The configuration's JSON Schema, for editors. */
export const configJsonSchema = (): object => z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });

/** A configuration file with every key at its default; keys without one are written as comments, with an example. */
export function commentedConfig(): string {
  const schema = configJsonSchema() as JsonSchema;
  return `# Configuration of pgvtune. Every key is optional; what is written here are the defaults.\n\n${keys(schema, [])}`;
}

function keys(schema: JsonSchema, path: readonly string[]): string {
  const indent = '  '.repeat(path.length);
  return Object.entries(schema.properties ?? {})
    .map(([key, member]) => {
      const comment = member.description ? `${indent}# ${member.description}\n` : '';
      return `${comment}${entry(member, [...path, key])}`;
    })
    .join(path.length === 0 ? '\n' : '');
}

function entry(member: JsonSchema, path: readonly string[]): string {
  const key = path.at(-1) ?? '';
  const indent = '  '.repeat(path.length - 1);
  if (member.properties) return `${indent}${key}:\n${keys(member, path)}`;
  const example = EXAMPLES[path.join('.')];
  if (example !== undefined) return indentLines(yamlText({ [key]: example }), `${indent}# `);
  if (member.default !== undefined) return indentLines(yamlText({ [key]: member.default }), indent);
  return indentLines(yamlText({ [key]: member.enum?.[0] }), `${indent}# `);
}

/** What to show for keys that have no default, or one that says little. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  dataset: 'docs.hdf5',
  queries: 'queries.jsonl',
  records: 'docs.records.jsonl.gz',
  query_records: 'queries.records.jsonl.gz',
  workloads: [
    'plain',
    {
      filtered: {
        column: 'status',
        selectivity: [0.5, 0.1, 0.01, 0.001],
        correlation: [-0.5, 0, 0.8],
        strategies: 'all',
      },
    },
    { filtered: { filters: { drafts: { column: 'status', op: '=', value: 'Draft' } } } },
    { hybrid: { language: 'english', legs: ['tsvector'], fusion: 'all' } },
  ],
  representation: ['vector', 'halfvec', 'bit', { subvector: 256 }],
  'target.p95': '20ms',
  'target.index_size': '2GB',
  'target.build_memory': '1GB',
  'target.build_time': '10min',
  'measure.concurrency': [1, 2, 4],
  'measure.rate': 200,
  'measure.slo': 'p99<=50ms',
  indexes: [
    { hnsw: { m: [8, 16, 24], ef_construction: [64, 128], ef_search: [10, 20, 40, 80, 160, 320] } },
    { ivfflat: { lists: [100, 200], probes: [1, 4, 16, 64] } },
  ],
};

function yamlText(value: unknown): string {
  const document = new Document(value);
  // Lists of numbers read better on one line.
  visit(document, {
    Seq: (_, node) => {
      if (node.items.every(isScalar)) node.flow = true;
    },
  });
  return document.toString({ flowCollectionPadding: false });
}

const indentLines = (text: string, indent: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}\n`)
    .join('');
