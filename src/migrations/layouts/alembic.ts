import { isRevision, readRevision } from '../alembic/revision.js';
import { baseName, folderName, type Layout } from './layout.js';

export const alembic: Layout = {
  format: 'alembic',
  matches: (files) => files.some(({ path, text }) => path.endsWith('.py') && isRevision(text)),
  read: (files, problems) => {
    const folders = new Set(
      files.filter(({ path, text }) => path.endsWith('.py') && isRevision(text)).map(({ path }) => folderName(path)),
    );
    const candidates = files.filter(
      ({ path }) => path.endsWith('.py') && folders.has(folderName(path)) && !NO_REVISIONS.has(baseName(path)),
    );
    return candidates.flatMap((file) => readRevision(file, problems) ?? []);
  },
};

const NO_REVISIONS = new Set(['__init__.py', 'env.py', 'conftest.py']);
