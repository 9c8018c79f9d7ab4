import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * ARCHITECTURE.md's picture, as far as a machine can hold it: who may import whom.
 * Type-only imports count: what a module knows of, it depends on.
 */

const SRC = join(import.meta.dirname, '../../src');

/** Files at the root of src/ that everybody may use. */
const LEAVES = [
  'vocabulary',
  'columns',
  'filter',
  'returns',
  'identifiers',
  'sql-parameters',
  'other-work',
  'json-path',
  'languages',
  'errors',
  'child-environment',
  'redact',
  'group-by',
  'nesting',
  'printable',
  'system-error',
  'checksummed-json',
  'units',
  'random',
  'canonical-json',
  'progress',
  'findings',
  'query-set',
  'worker-entry',
  'version',
];

/** Folder → folders it may import. `results` may be imported by all but the lowest. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  results: [],
  config: ['indexes'],
  statements: ['indexes', 'results'],
  postgres: ['config'],
  indexes: ['results'],
  workloads: ['indexes', 'config', 'results'],
  datasets: ['config'],
  exact: ['datasets'],
  measure: ['postgres', 'workloads', 'indexes', 'results'],
  analysis: ['results'],
  live: [
    'monitoring',
    'audit',
    'statements',
    'capacity',
    'measure',
    'exact',
    'datasets',
    'workloads',
    'indexes',
    'postgres',
    'analysis',
    'results',
  ],
  experiment: [
    'live',
    'measure',
    'exact',
    'datasets',
    'workloads',
    'indexes',
    'postgres',
    'config',
    'analysis',
    'migrations',
    'results',
  ],
  tune: ['analysis', 'indexes', 'workloads', 'config', 'results'],
  capacity: ['analysis', 'workloads', 'indexes', 'results'],
  audit: ['indexes', 'statements'],
  logs: ['audit', 'statements'],
  monitoring: ['audit', 'capacity', 'indexes'],
  nightly: ['tune', 'analysis', 'workloads', 'indexes', 'config', 'results'],
  migrations: ['indexes', 'statements'],
  reports: [
    'audit',
    'monitoring',
    'statements',
    'capacity',
    'migrations',
    'nightly',
    'tune',
    'analysis',
    'indexes',
    'workloads',
    'results',
  ],
  library: ['audit', 'live', 'tune', 'experiment', 'measure', 'datasets', 'postgres', 'config', 'results'],
  cli: [
    'library',
    'audit',
    'capacity',
    'logs',
    'migrations',
    'monitoring',
    'nightly',
    'live',
    'reports',
    'tune',
    'experiment',
    'live',
    'analysis',
    'measure',
    'exact',
    'datasets',
    'workloads',
    'indexes',
    'postgres',
    'config',
    'results',
  ],
};

/** Folders from which no way may lead to a database: reports and checks work from records, and data are read without one. */
const OFFLINE = [
  'analysis',
  'audit',
  'capacity',
  'logs',
  'migrations',
  'monitoring',
  'nightly',
  'tune',
  'reports',
  'results',
  'indexes',
  'workloads',
  'datasets',
  'exact',
  'statements',
];

/** Packages that only one folder may know. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pg: ['postgres'],
  'pg-copy-streams': ['postgres'],
  pgvector: ['postgres'],
  '@electric-sql/pglite': ['postgres'],
  '@electric-sql/pglite-pgvector': ['postgres'],
  '@electric-sql/pglite-socket': ['postgres'],
  testcontainers: ['postgres'],
  h5wasm: ['datasets', 'reports'],
  hyparquet: ['datasets'],
  'hyparquet-writer': ['datasets', 'reports'],
  '@faker-js/faker': ['datasets'],
  tinybench: ['measure'],
  echarts: ['reports'],
  'prom-client': ['reports'],
  mathjs: ['analysis'],
  'libpg-query': ['statements', 'migrations'],
  'pgsql-deparser': ['statements'],
  '@lezer/common': ['migrations'],
  '@lezer/python': ['migrations'],
  commander: ['cli'],
  '@bomb.sh/tab': ['cli'],
  '@modelcontextprotocol/sdk': ['cli'],
  'cli-progress': ['cli'],
  picocolors: ['cli'],
};

interface Import {
  readonly from: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Static, type-only and dynamic imports, and re-exports. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const specifiers = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm);
  return [...specifiers].map(([, target]) => ({ from: file, target: target! }));
}

const folderOf = (file: string): string => {
  const [first = '', ...rest] = relative(SRC, file).split('/');
  return rest.length === 0 ? '' : first;
};

const resolved = ({ from, target }: Import): string => join(from, '..', target).replace(/\.js$/, '.ts');

const files = sourceFiles(SRC);
const imports = files.flatMap(importsOf);
const internal = imports.filter(({ target }) => target.startsWith('.'));
const describeImport = ({ from, target }: Import): string => `${relative(SRC, from)} imports ${target}`;

describe('imports', () => {
  it('finds imports of every form', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.some(({ target }) => target === 'pg')).toBe(true);
  });

  it('go one way between folders', () => {
    const wrong = internal.filter((edge) => {
      const [from, to] = [folderOf(edge.from), folderOf(resolved(edge))];
      if (from === to || from === '') return false;
      if (to === '') return !LEAVES.includes(relative(SRC, resolved(edge)).replace(/\.ts$/, ''));
      return !ALLOWED[from]?.includes(to);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('enter another folder through its index', () => {
    const wrong = internal.filter((edge) => {
      const [from, to] = [folderOf(edge.from), folderOf(resolved(edge))];
      return from !== to && to !== '' && relative(SRC, resolved(edge)) !== join(to, 'index.ts');
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('never lead from the offline folders to a database', () => {
    const edges = new Map<string, Set<string>>();
    for (const edge of internal) {
      const [from, to] = [folderOf(edge.from), folderOf(resolved(edge))];
      if (from !== to && from !== '' && to !== '') edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    const reachable = (folder: string, seen = new Set<string>()): Set<string> => {
      for (const next of edges.get(folder) ?? []) if (!seen.has(next)) reachable(next, seen.add(next));
      return seen;
    };
    for (const folder of OFFLINE) expect([...reachable(folder)], folder).not.toContain('postgres');
  });

  it('keep each package in the folder that wraps it', () => {
    const wrong = imports.filter(({ from, target }) => {
      const owner = Object.keys(PACKAGES).find((name) => target === name || target.startsWith(`${name}/`));
      return owner !== undefined && !PACKAGES[owner]?.includes(folderOf(from));
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('leave to --help nothing to load but the parser of the command line', () => {
    const atOnce = (file: string): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'/gm)].map(
        ([, target]) => target!,
      );
    const [loaded, packages] = [new Set<string>(), new Set<string>()];
    const load = (file: string): void => {
      loaded.add(file);
      for (const target of atOnce(file)) {
        const module = target.startsWith('.') ? resolved({ from: file, target }) : null;
        if (module === null) packages.add(target);
        else if (!loaded.has(module)) load(module);
      }
    };
    // bin.ts itself imports these once it listens to signals.
    for (const file of ['bin.ts', 'main.ts', 'redacting-io.ts', 'report-failure.ts']) load(join(SRC, 'cli', file));
    expect(loaded.size).toBeGreaterThan(10);
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
  });

  it('only reach the command line from itself', () => {
    const printing = files.filter(
      (file) => folderOf(file) !== 'cli' && !relative(SRC, file).startsWith('postgres/servers/'),
    );
    const wrong = printing.filter((file) =>
      /\bconsole\.|process\.(exit|stdout|stderr)\b/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong.map((file) => relative(SRC, file))).toEqual([]);
  });
});
