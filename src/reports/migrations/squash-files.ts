import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { printableLine } from '../../printable.js';
import type { Format, SquashGroup, SquashPlan } from '../../migrations/index.js';

/** A file that a squash proposes. */
export interface SquashFile {
  readonly name: string;
  readonly text: string;
}

/** Lists the files that the baselines replace, one a line. */
export const REPLACED_FILES = 'replaced.txt';

/** Where things lie, from the folder in which the command was started. */
export interface SquashFolders {
  readonly history: string;
  /** Of the proposed files. */
  readonly squash: string;
}

/**
 * The baselines of a squash: SQL for each group, and for Alembic a revision that carries the identifier of the last
 * revision that it replaces, so that a database at that revision stays where it is. Of Alembic also a list of what they replace.
 */
export function squashFiles(
  { groups, replacedFiles }: SquashPlan,
  format: Format,
  { history }: Pick<SquashFolders, 'history'>,
): readonly SquashFile[] {
  const baselines = groups.flatMap((group, index) => {
    if (group.baseline === null || group.revisions.length < 2) return [];
    const id = group.revisions.at(-1)!;
    const name = `${String(index + 1).padStart(2, '0')}_${fileSafe(id)}_baseline`;
    const before = groups[index - 1]?.revisions.at(-1) ?? null;
    return [
      { name: `${name}.sql`, text: baselineSql(group) },
      ...(format === 'alembic' ? [{ name: `${name}.py`, text: alembicRevision(group, id, before) }] : []),
    ];
  });
  if (format !== 'alembic' || baselines.length === 0) return baselines;
  const replaced = replacedFiles.map((file) => `${posix.join(history, file)}\n`).join('');
  return [...baselines, { name: REPLACED_FILES, text: replaced }];
}

/** Identifiers of revisions as a value of `down_revision`. */
export const pythonNames = (ids: readonly string[]): string =>
  ids.length === 1 ? pythonText(ids[0]!) : `(${ids.map(pythonText).join(', ')})`;

/** What puts the baselines of Alembic into the place of the files that they replace, as commands of a shell. */
export function replaceCommands({ replacedFiles }: SquashPlan, { history, squash }: SquashFolders): readonly string[] {
  const place = posix.join(history, posix.dirname(replacedFiles.at(-1) ?? ''));
  return [
    `git rm --pathspec-from-file=${shellWord(posix.join(squash, REPLACED_FILES))}`,
    // Git removes a folder that has become empty.
    `mkdir -p ${shellWord(place)} && cp ${shellWord(posix.join(squash, '/'))}*_baseline.py ${shellWord(place)}`,
  ];
}

const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const fileSafe = (id: string): string =>
  /^[\w.-]{1,80}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 12);

/** One statement a paragraph, each with the revisions that it comes from. */
const baselineSql = ({ baseline, revisions }: SquashGroup): string =>
  [
    `-- Replaces ${revisions.length} revisions, ${comment(revisions[0]!)} to ${comment(revisions.at(-1)!)}.`,
    ...(baseline ?? []).map(({ sql, origins }) => {
      const from = [...new Set(origins.map(({ revision }) => revision))];
      return `-- ${from.slice(0, 6).map(comment).join(', ')}${from.length > 6 ? ', …' : ''}\n${sql};`;
    }),
    '',
  ].join('\n\n');

const comment = (text: string): string => printableLine(text.replaceAll(/\s+/g, ' '));

function alembicRevision({ baseline, revisions }: SquashGroup, id: string, before: string | null): string {
  const statements = (baseline ?? []).map(({ sql }) => {
    const run = `op.execute(sa.text(${pythonText(withoutParameters(sql))}))`;
    // A value of an enumeration can only be used after the transaction that adds it.
    const isAlone = /^\s*ALTER\s+TYPE\b[\s\S]*\bADD\s+VALUE\b/i.test(sql);
    return isAlone ? `    with op.get_context().autocommit_block():\n        ${run}` : `    ${run}`;
  });
  return `"""Baseline: replaces ${revisions.length} revisions

Revision ID: ${docText(id)}
Revises: ${before === null ? '' : docText(before)}

"""
from alembic import op
import sqlalchemy as sa

revision = ${pythonText(id)}
down_revision = ${before === null ? 'None' : pythonText(before)}
branch_labels = None
depends_on = None


def upgrade():
${statements.length === 0 ? '    pass' : statements.join('\n')}


def downgrade():
    raise NotImplementedError("A baseline has no way back: restore a backup.")
`;
}

const docText = (text: string): string => comment(text).replaceAll('\\', '/').replaceAll('"', "'");

/** `text()` takes `:name` for a parameter, unless the colon is escaped. */
const withoutParameters = (sql: string): string => sql.replaceAll(/(?<![:\w\\]):(?=\w)/g, String.raw`\:`);

/** A string constant of Python, in ASCII. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
