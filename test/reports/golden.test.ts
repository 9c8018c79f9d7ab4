import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../page/choose.js';
import { pageData } from '../../src/reports/page/data.js';
import { viewRun } from '../../src/reports/tune/run-view.js';
import { goldenCases } from '../support/golden-cases.js';
import { englishIn } from '../support/english-in.js';
import { recallCases, recordedRecallText, recordRecall } from '../support/golden-recall.js';
import { recordRun, replayRun } from '../support/golden-run.js';
import {
  readStatementRecording,
  recordStatement,
  replayStatement,
  statementCases,
  writeStatementRecording,
} from '../support/golden-statement.js';
import { temporaryFolder } from '../support/processes.js';
import { readRecording, writeRecording } from '../support/recording.js';

/*
 * The reports of recorded runs. A change of an answer or of its wording shows as a difference to review.
 * CONTRIBUTING.md says how to accept it, and how to record.
 */

const GOLDEN = join(import.meta.dirname, 'golden');
const recorded = (file: string): string => join(GOLDEN, 'journals', file);

const cases = [...goldenCases, ...recallCases, ...statementCases].map(({ name }) => name);
/** Names of the cases to measure anew, or `all`. */
const wanted = process.env['PGVTUNE_RECORD']?.split(',') ?? [];
const isToBeRecorded = (name: string): boolean => wanted.includes(name) || wanted.includes('all');

describe('the reports of a recorded run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(() => {
    folder = temporaryFolder();
  });
  afterAll(() => folder.remove());

  it.each(goldenCases)('are unchanged: $name', async (golden) => {
    const { name } = golden;
    const file = recorded(`${name}.ndjson.gz`);
    if (isToBeRecorded(name)) writeRecording(file, await recordRun(golden, join(folder.path, name)));
    const { files, contents, russian } = await replayRun(golden, readRecording(file), join(folder.path, 'replayed'));
    const documents = [...russian].filter(([file]) => file.endsWith('.md'));
    await compare(name, new Map([...contents, ...documents]));
    for (const [file, text] of russian) expect.soft(englishIn(text), file).toEqual([]);
    expect(englishIn([...contents.values()].join('\n')).length).toBeGreaterThan(50);
    const data = pageData(viewRun(files));
    if (data.target === null) return;
    const chosen = choose(data, data.target);
    expect(chosen === null ? null : data.points[chosen]!.record.key, 'the choice in the page').toBe(data.recommended);
  });

  it.each(recallCases)('are unchanged: $name', async (golden) => {
    const { name } = golden;
    const file = recorded(`${name}.json`);
    if (isToBeRecorded(name)) writeFileSync(file, `${JSON.stringify(await recordRecall(golden), null, 2)}\n`);
    await compare(name, new Map([[`${name}.txt`, recordedRecallText(JSON.parse(readFileSync(file, 'utf8')))]]));
  });

  it.each(statementCases)('are unchanged: $name', async (golden) => {
    const { name } = golden;
    const file = recorded(`${name}.ndjson.gz`);
    if (isToBeRecorded(name)) writeStatementRecording(file, await recordStatement(golden));
    const contents = await replayStatement(golden, readStatementRecording(file), join(folder.path, 'statements'));
    await compare(name, contents);
    expect.soft(englishIn(contents.get(`${name}.ru.md`)!)).toEqual([]);
  });

  it.each(goldenCases)('rest on one record of every measurement: $name', ({ name }) => {
    const { records } = readRecording(recorded(`${name}.ndjson.gz`));
    const keys = records.filter(({ type }) => type !== 'build').map(({ type, key }) => `${type} ${key}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('belong to the cases, and so does what is asked to be recorded', () => {
    const files = readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(new Set(files.map(({ name }) => name.split('.')[0]))).toEqual(new Set(cases));
    expect([...cases, 'all']).toEqual(expect.arrayContaining(wanted));
  });
});

/** Soft: one change of a word is to show in every report that has it. */
async function compare(name: string, contents: ReadonlyMap<string, string>): Promise<void> {
  const stale = readdirSync(GOLDEN).filter((file) => file.startsWith(`${name}.`) && !contents.has(file));
  expect.soft(stale, 'files that are no longer written').toEqual([]);
  for (const [file, content] of contents) await expect.soft(content).toMatchFileSnapshot(join(GOLDEN, file));
}
