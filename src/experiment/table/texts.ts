import type { Dataset } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { findExtension, type Server, type Session } from '../../postgres/index.js';
import { checkTextSpec, TEXT_CATALOG_SQL, type TextCatalog, textLeg } from '../../workloads/index.js';
import type { TableContents } from './contents.js';

/** @throws {PgvtuneError} when the dataset has no text to search, or the server cannot search it so */
export async function checkTexts(
  { disposable }: Server,
  session: Session,
  { manifest }: Dataset,
  { texts }: TableContents,
): Promise<void> {
  if (texts.length === 0) return;
  const [catalog] = await session.query<TextCatalog & Record<string, unknown>>(TEXT_CATALOG_SQL);
  for (const text of texts) {
    checkTextSpec(text, { textColumn: manifest.textColumn, catalog: catalog! });
    const { name, extension } = textLeg(text.method);
    if (extension === null || (await findExtension(session, extension, { create: disposable })) !== null) continue;
    throw new PgvtuneError(
      'environment',
      `The extension "${extension}", which the text method ${name} needs, is not in the database.`,
      {
        hint: `Create it: CREATE EXTENSION ${extension};`,
      },
    );
  }
}
