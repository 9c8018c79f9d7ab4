import { describe, expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/tune/run-view.js';
import { namesText, withReaderNames } from '../../../../src/reports/tune/sql/reader-names.js';
import type { TableNames } from '../../../../src/results/index.js';
import { manifest } from '../../../support/run-manifest.js';

const NAMES: TableNames = {
  schema: 'app',
  table: '"Items"',
  column: '"Embedding"',
  key: 'item_id',
  isPrimaryKey: true,
  text: 'body',
  rows: 1000,
};

describe('a statement under the reader’s names', () => {
  it.each([
    [
      'SELECT id FROM your_table ORDER BY embedding <=> $1 LIMIT 10',
      'SELECT item_id FROM app."Items" ORDER BY "Embedding" <=> $1 LIMIT 10',
    ],
    [
      'CREATE INDEX CONCURRENTLY your_table_embedding_hnsw_16_64 ON your_table USING hnsw (embedding vector_l2_ops);',
      'CREATE INDEX CONCURRENTLY items_embedding_hnsw_16_64 ON app."Items" USING hnsw ("Embedding" vector_l2_ops);',
    ],
    [
      'DROP INDEX CONCURRENTLY your_table_embedding_hnsw_16_64;',
      'DROP INDEX CONCURRENTLY app.items_embedding_hnsw_16_64;',
    ],
    [
      `SELECT indisvalid FROM pg_index WHERE indexrelid = ANY (ARRAY['your_table_embedding_hnsw_16_64']::regclass[]);`,
      `SELECT indisvalid FROM pg_index WHERE indexrelid = ANY (ARRAY['app.items_embedding_hnsw_16_64']::regclass[]);`,
    ],
    // Constants and names that the reader has already are theirs.
    [
      `WHERE "id" = 'your_table id' AND "embedding" = 'it''s id'`,
      `WHERE "id" = 'your_table id' AND "embedding" = 'it''s id'`,
    ],
    [
      'SELECT i.id FROM your_table AS i JOIN "docs" AS d ON d.id = i."doc"',
      'SELECT i.item_id FROM app."Items" AS i JOIN "docs" AS d ON d.id = i."doc"',
    ],
    [
      'SELECT 1;  -- must show: Seq Scan on your_table, using your_table_tenant',
      'SELECT 1;  -- must show: Seq Scan on "Items", using items_tenant',
    ],
    ['RETURNS SETOF your_table.id%TYPE', 'RETURNS SETOF app."Items".item_id%TYPE'],
    [
      "SELECT word FROM ts_stat('SELECT content_search FROM your_table WHERE content <> ''a''')",
      `SELECT word FROM ts_stat('SELECT content_search FROM app."Items" WHERE body <> ''a''')`,
    ],
    ["to_tsvector('english'::regconfig, content)", "to_tsvector('english'::regconfig, body)"],
  ])('%s', (statement, expected) => {
    expect(withReaderNames(statement, NAMES)).toBe(expected);
    expect(withReaderNames(statement, undefined)).toBe(statement);
  });

  it('has the ids of the application, which a run keeps beside the numbers of its rows', () => {
    const statement = 'SELECT i.id FROM your_table AS i WHERE i."pgvtune_id" > $2 AND "pgvtune_id" <> 1';
    expect(withReaderNames(statement, undefined)).toBe('SELECT i.id FROM your_table AS i WHERE i.id > $2 AND id <> 1');
    expect(withReaderNames(statement, NAMES)).toBe(
      'SELECT i.item_id FROM app."Items" AS i WHERE i.item_id > $2 AND item_id <> 1',
    );
  });

  it('keeps names as long as PostgreSQL keeps them', () => {
    const names = { ...NAMES, table: 'a'.repeat(60) };
    const [, index = ''] =
      /^DROP INDEX app\.(\w+);/.exec(withReaderNames('DROP INDEX your_table_embedding_hnsw_16_64;', names)) ?? [];
    expect(index).toHaveLength(63);
    expect(withReaderNames('DROP INDEX your_table_embedding_hnsw_32_64;', names)).not.toContain(index);
  });

  it('leaves the name of the text column where there is none', () => {
    expect(withReaderNames('SELECT id, content FROM your_table', { ...NAMES, text: null })).toBe(
      'SELECT item_id, content FROM app."Items"',
    );
  });

  it('says which names to replace, or which column stands for a key', () => {
    const textFor = (table?: TableNames): string => {
      const { dataset, ...rest } = manifest('local');
      const run = viewRun({ manifest: { ...rest, dataset: table ? { ...dataset, table } : dataset }, records: [] });
      return namesText(run, 'Replace the name.');
    };
    expect(textFor()).toBe('Replace the name. ');
    expect(textFor(NAMES)).toBe('');
    expect(textFor({ ...NAMES, isPrimaryKey: false })).toBe(
      'The table has no primary key of one column: the statements return `item_id` in its place. ',
    );
  });
});
