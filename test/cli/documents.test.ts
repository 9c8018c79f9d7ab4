import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DocumentName } from '../../src/cli/document-text.js';
import { DOCUMENTS, documentSchema } from '../../src/cli/documents.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(async () => {
  directory = workingDirectory();
  await pgvtune(directory.path, 'dataset', 'generate', '--rows', '200', '--dims', '4', '--name', 'small');
});
afterAll(() => directory.remove());

// A difference is for those who read documents by program: a member that goes, or means something else, raises the version.
it('have the schemas that they had', async () => {
  const schemas = Object.fromEntries(
    Object.keys(DOCUMENTS).map((name) => [name, documentSchema(name as DocumentName)]),
  );
  await expect(`${JSON.stringify(schemas, null, 2)}\n`).toMatchFileSnapshot('documents.json');
});

it.each<[DocumentName, readonly string[]]>([
  ['plan', ['plan', '--rows', '1M', '--dims', '384']],
  ['dataset generate', ['dataset', 'generate', '--rows', '100', '--dims', '3']],
  ['dataset list', ['dataset', 'list']],
  ['dataset show', ['dataset', 'show', 'small']],
  ['dataset verify', ['dataset', 'verify', 'small']],
  ['dataset export', ['dataset', 'export', 'small', 'small.fvecs']],
  ['audit list', ['audit', '--list']],
  ['init', ['init', 'own.yaml']],
  ['error', ['report', 'nothing']],
  ['error', ['clean', '--server', 'postgres://me@127.0.0.1:1/db']],
  ['error', ['tune', '--recal', '0.9']],
  ['error', ['tuen']],
  ['error', ['schema', 'nothing']],
])('%s is what its schema says: %j', async (name, argv) => {
  const { stdout } = await pgvtune(directory.path, ...argv, '--json');
  const document: unknown = JSON.parse(stdout);
  expect(document).toMatchObject({ document: name, schemaVersion: 1 });
  expect(DOCUMENTS[name].safeParse(document).error).toBeUndefined();
});

it('are printed by name', async () => {
  const { stdout } = await pgvtune(directory.path, 'schema', 'dataset', 'list');
  expect(JSON.parse(stdout)).toEqual(documentSchema('dataset list'));
  expect((await pgvtune(directory.path, 'schema')).stdout.split('\n')).toEqual(
    expect.arrayContaining(['config', 'recall', 'dataset list']),
  );
});
