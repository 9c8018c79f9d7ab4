import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { historyIn } from '../../src/cli/commands/migrations/read.js';
import type { History } from '../../src/migrations/index.js';
import type { Format } from '../../src/migrations/index.js';

/** Writes files into a temporary folder, calls, and removes the folder. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-migrations-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The history that files of these names and contents make. */
export const historyOf = (
  files: Readonly<Record<string, string | Uint8Array>>,
  format: Format | 'auto' = 'auto',
): Promise<History> => inFolder(files, (folder) => historyIn(folder, format));

/** A revision of Alembic; bodies are indented here. */
export function revision(
  id: string,
  parent: string | readonly string[] | null,
  {
    up = 'pass',
    down = 'pass',
    head = '',
    date = '2024-01-01',
  }: { up?: string; down?: string; head?: string; date?: string } = {},
): string {
  const body = (text: string): string =>
    text
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
  const parents =
    parent === null
      ? 'None'
      : typeof parent === 'string'
        ? `'${parent}'`
        : `(${parent.map((one) => `'${one}'`).join(', ')})`;
  return `"""revision ${id}

Create Date: ${date} 12:00:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '${id}'
down_revision = ${parents}
branch_labels = None
depends_on = None
${head}

def upgrade():
${body(up)}


def downgrade():
${body(down)}
`;
}

/** The SQL of one upgrade; null for an operation that has none. */
export async function upgradeSql(up: string, head = ''): Promise<readonly (string | null)[]> {
  const history = await historyOf({ 'versions/a.py': revision('a', null, { up, head }) });
  return history.revisions[0]!.up.operations.map(({ sql }) => sql);
}
