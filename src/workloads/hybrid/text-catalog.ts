import { PgvtuneError } from '../../errors.js';
import type { TextSpec } from '../../vocabulary.js';
import { textLeg } from './text-legs/registry.js';

/** What a server has for searching text. */
export interface TextCatalog {
  /** Text search configurations: those visible without their schema, the others with their schema. */
  readonly configurations: readonly string[];
  /** Extensions that are installed in the database, or can be. */
  readonly extensions: readonly string[];
}

/** One row with the members of {@link TextCatalog}, as arrays of text. */
export const TEXT_CATALOG_SQL =
  `SELECT ARRAY(SELECT CASE WHEN pg_ts_config_is_visible(c.oid) THEN cfgname ELSE nspname || '.' || cfgname END ` +
  `FROM pg_ts_config c JOIN pg_namespace n ON n.oid = cfgnamespace ORDER BY 1)::text[] AS configurations, ` +
  `ARRAY(SELECT name FROM pg_available_extensions ORDER BY 1)::text[] AS extensions`;

/**
 * Refuses, before anything is loaded, a text leg that cannot work on this data or this server.
 *
 * @param textColumn the dataset's text column; null when it has none
 * @throws {PgvtuneError} `usage` for an unknown leg or configuration, `dataset` when there is no text, `environment` when
 *   the server lacks the leg's extension
 */
export function checkTextSpec(
  text: TextSpec,
  { textColumn, catalog }: { readonly textColumn: string | null; readonly catalog: TextCatalog },
): void {
  const leg = textLeg(text.method);
  if (textColumn === null) {
    throw new PgvtuneError('dataset', 'Expected a dataset with text to search, got one with vectors only.', {
      hint: 'Name the column of the text when you import the data, or leave the hybrid workload out.',
    });
  }
  if (leg.extension !== null && !catalog.extensions.includes(leg.extension)) {
    throw new PgvtuneError(
      'environment',
      `The server has no extension "${leg.extension}", which the text method ${leg.name} needs.`,
      {
        hint: `Install ${leg.extension} on the server, or search the text by ${textLeg('tsvector').name}.`,
      },
    );
  }
  const { configurations } = catalog;
  const isKnown = [text.language, text.language.replace(/^pg_catalog\./, '')].some((name) =>
    configurations.includes(name),
  );
  if (leg.usesLanguage && !isKnown) {
    throw new PgvtuneError('usage', `Expected a text search configuration of the server, got "${text.language}".`, {
      hint: `It has: ${configurations.join(', ')}.`,
    });
  }
}
