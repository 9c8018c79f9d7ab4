import type { FileProblem, Format, Revision, Script } from '../history.js';
import type { SourceFile } from '../source-file.js';
import { operationOf, unknownOperation } from '../sql/operation.js';
import { parseStatements } from '../sql/statements.js';

/** How a tool lays out its migrations; another tool is another entry of the registry. */
export interface Layout {
  readonly format: Format;
  /** Whether the files are this tool's. */
  matches(files: readonly SourceFile[]): boolean;
  read(files: readonly SourceFile[], problems: FileProblem[]): readonly Revision[];
}

/** One migration of a history in SQL, before it is linked to the one before. */
export interface SqlMigration {
  readonly version: string;
  /** What the tool sorts by, character by character; without it the numbers of the version decide. */
  readonly sortedBy?: string;
  readonly title: string | null;
  readonly up: SqlPart;
  readonly down: SqlPart | null;
}

/** SQL of one direction, in a file or in a part of one. */
export interface SqlPart {
  readonly file: string;
  readonly text: string;
  /** Lines of the file before this part. */
  readonly linesBefore?: number;
  readonly inTransaction: boolean;
  /** The language that it is written in instead of SQL: it is not read. */
  readonly language?: string;
}

/** The operations of a part. */
export function scriptOf({ file, text, linesBefore = 0, inTransaction, language }: SqlPart): Script {
  if (language !== undefined) {
    const place = { file, line: 1 };
    const context = { place, origin: language, inTransaction, condition: null };
    return { place, operations: [unknownOperation('other-language', language, context)] };
  }
  let explicit = false;
  const operations = parseStatements(withoutTemplates(text)).map((statement) => {
    const operation = operationOf(statement, {
      place: { file, line: statement.line + linesBefore },
      origin: 'sql',
      inTransaction: inTransaction || explicit,
      condition: null,
    });
    const [effect] = operation.effects;
    if (effect?.kind === 'transaction') explicit = effect.what === 'begin' || effect.what === 'start';
    return operation;
  });
  return { place: { file, line: linesBefore + 1 }, operations };
}

/** `{{ index .Options "Namespace" }}` and the like stand for a name; lines keep their place. */
const withoutTemplates = (text: string): string =>
  text.replaceAll(/\{\{[^{}]*\}\}|\$\{\w+\}/g, (template) =>
    (/"(\w+)"|(\w+)\W*$/.exec(template)?.slice(1).find(Boolean) ?? 'name').toLowerCase(),
  );

/** Links migrations one after the other, in the order of their versions. */
export function chain(migrations: readonly SqlMigration[]): readonly Revision[] {
  const sorted = migrations.toSorted((a, b) =>
    a.sortedBy !== undefined && b.sortedBy !== undefined
      ? compareText(a.sortedBy, b.sortedBy)
      : compareVersions(a.version, b.version),
  );
  return sorted.map((migration, index) => {
    const before = sorted.slice(0, index).findLast(({ version }) => version !== migration.version);
    const { up, down } = migration;
    return {
      id: migration.version,
      parents: before ? [before.version] : [],
      dependsOn: [],
      branchLabels: [],
      title: migration.title,
      createdOn: dateOf(migration.version),
      file: up.file,
      lines: up.text.split('\n').length,
      up: scriptOf(up),
      down: down ? scriptOf(down) : null,
    };
  });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Parts of digits compare as numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (const [index, part] of left!.entries()) {
    const other = right![index];
    if (other === undefined) return 1;
    const order =
      /\d/.test(part) && /\d/.test(other) ? compareDigits(part, other) : part < other ? -1 : part > other ? 1 : 0;
    if (order !== 0) return order;
  }
  return left!.length < right!.length ? -1 : 0;
}

function compareDigits(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The day in a version that is a time: `20240131120000`. */
function dateOf(version: string): string | null {
  const [, year, month, day] = /^(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])/.exec(version) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const folderName = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** `add_users` → `add users`. */
export const titleOf = (name: string | undefined): string | null => name?.replaceAll(/[_-]+/g, ' ').trim() || null;
export const isSql = ({ path }: SourceFile): boolean => /\.sql$/i.test(path);
