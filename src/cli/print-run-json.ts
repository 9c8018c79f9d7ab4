import { documentText } from './document-text.js';
import type { Io } from './io.js';
import type { SearchOutcome } from './run-search.js';

/** A run as one JSON document: manifest, answer, and the records without their raw samples. */
export function printRunJson(
  command: 'tune' | 'bench',
  { run, folder, answer, files, reports }: SearchOutcome,
  io: Io,
): void {
  const records = files.records.filter(({ type }) => type !== 'answer');
  const document = { run, folder, manifest: files.manifest, answer, records, reports };
  const withoutSamples = (key: string, value: unknown): unknown => (RAW.has(key) ? undefined : value);
  io.stdout.write(documentText(command, document, withoutSamples));
}

/** Members of records that hold raw samples. */
const RAW = new Set(['samples', 'rankings']);
