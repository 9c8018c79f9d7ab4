import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadExit } from '../../src/cli/load-exit.js';
import { openConfiguredDataset } from '../../src/cli/open-dataset.js';
import { printBenchAnswer } from '../../src/cli/commands/bench/print.js';
import { printTuneAnswer } from '../../src/cli/commands/tune/print.js';
import { tuneExit } from '../../src/cli/commands/tune/exit.js';
import type { CapacityQuestion } from '../../src/capacity/index.js';
import { capacityExit, printCapacity } from '../../src/cli/commands/capacity/print.js';
import type { Io } from '../../src/cli/io.js';
import type { CommonOptions } from '../../src/cli/options.js';
import type { SearchOutcome } from '../../src/cli/run-search.js';
import { type Config, hybridWorkloads, resolveConfig } from '../../src/config/index.js';
import type { Dataset } from '../../src/datasets/index.js';
import { exactTruth } from '../../src/exact/index.js';
import { runExperiment } from '../../src/experiment/index.js';
import { manifestOf } from '../../src/experiment/manifest.js';
import { readHybridInputs } from '../../src/experiment/hybrid/inputs.js';
import { prepare } from '../../src/experiment/prepare.js';
import { situationOf } from '../../src/experiment/situation.js';
import type { ServerFacts } from '../../src/postgres/index.js';
import { silentReporter } from '../../src/progress.js';
import { writeReports } from '../../src/reports/index.js';
import { type AnswerRecord, createRun, readRun, type RunFiles, type RunManifest } from '../../src/results/index.js';
import { benchFromConfig, capacityFromConfig, targetOf, tuneFromConfig } from '../../src/tune/index.js';
import type { Situation } from '../../src/workloads/index.js';
import { capturingIo } from './command-line.js';
import { type GoldenCase, goldenCases } from './golden-cases.js';
import { recordAnew, type Recording, replay } from './recording.js';
import { answer } from './synthetic-bench.js';

const NOTHING_MORE: CapacityQuestion = {};

const COMMANDS = {
  capacity: {
    search: (config: Config) => capacityFromConfig(config, null),
    print: (outcome: SearchOutcome, options: CommonOptions, io: Io) =>
      printCapacity({ ...outcome, question: NOTHING_MORE }, options, io),
    exit: ({ files }: Pick<SearchOutcome, 'files'>) => capacityExit({ files, question: NOTHING_MORE }),
  },
  tune: { search: tuneFromConfig, print: printTuneAnswer, exit: tuneExit },
  bench: { search: benchFromConfig, print: printBenchAnswer, exit: loadExit },
};

const now = (): Date => new Date('2026-01-01T00:00:00.000Z');

/** The machine of a recording is nobody's business. */
export const CLIENT: RunManifest['client'] = {
  node: 'v20.20.0',
  platform: 'linux x64',
  cpu: 'a processor',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
};

/**
 * Measures a case.
 *
 * @param folder of its own, for datasets and runs
 */
export async function recordRun(golden: GoldenCase, folder: string): Promise<Recording> {
  const before = goldenCases.find(({ name }) => name === golden.after);
  if (before) await recordRun(before, folder);
  const options = await optionsOf(golden, folder);
  let situation: Situation | undefined;
  await runExperiment(options, (known) => {
    situation = known;
    return searchOf(golden, options, known);
  });
  options.dataset.close();
  const { manifest, records } = readRun(options.results, options.run);
  const { dataset, server } = manifest;
  return { dataset: dataset.hash, server, situation: situation!, records };
}

/**
 * Makes a case's answer and reports with the code of today, from what was measured when it was recorded.
 *
 * @param folder for datasets and runs
 * @returns the run, and what is kept of it: contents by name of file
 */
export async function replayRun(
  golden: GoldenCase,
  recording: Recording,
  folder: string,
): Promise<{
  readonly files: RunFiles;
  readonly contents: ReadonlyMap<string, string>;
  /** Documents and charts in Russian. */
  readonly russian: ReadonlyMap<string, string>;
}> {
  const options = await optionsOf(golden, folder);
  const { dataset, results, run: name } = options;
  if (dataset.manifest.hash !== recording.dataset) {
    throw new Error(`The generator gives other data than when ${name} was recorded. ${recordAnew(name)}`);
  }
  const { kind, label, ...recorded } = recording.server;
  const facts: ServerFacts = { ...recorded, extensions: recorded.extensions ?? {} };
  const hybridInputs = await readHybridInputs(hybridWorkloads(options.config.workloads), options);
  const preparation = await prepare({ ...options, hybridInputs });
  const { reply, journal } = replay(recording.records, name);
  const situation = situationOf(preparation, { facts, ...recording.situation });
  const found = answer<AnswerRecord['answer']>(searchOf(golden, options, situation), reply);
  dataset.close();

  const manifest = { ...manifestOf(options, { kind, label }, facts, preparation.shape.metric), client: CLIENT };
  const run = createRun(results, manifest);
  for (const record of journal()) run.journal.append(record);
  run.journal.append({ type: 'answer', key: 'answer', finishedAt: now().toISOString(), answer: found });
  run.close();

  const files = readRun(results, name);
  const reports = await writeReports(files);
  const russian = await inRussian(files, join(folder, 'russian'));
  const io = capturingIo(folder);
  const outcome = { run: name, folder: run.folder, answer: found, files, reports };
  const { print, exit } = COMMANDS[golden.command];
  print(outcome, { color: false }, io);
  const contents = new Map([
    [`${name}.txt`, `${io.stdout.text()}\nexit code ${exit(outcome)}\n`],
    ...reports
      .filter((path) => !/\.(csv|html)$/.test(path))
      .map((path) => [keptAs(name, path), readFileSync(path, 'utf8')] as const),
  ]);
  return { files, contents, russian };
}

async function inRussian(files: RunFiles, folder: string): Promise<ReadonlyMap<string, string>> {
  mkdirSync(folder, { recursive: true });
  const reports = await writeReports({ ...files, folder }, { language: 'ru' });
  return new Map(
    reports
      .filter((path) => /\.(md|svg)$/.test(path))
      .map((path) => [keptAs(`${files.manifest.run}.ru`, path), readFileSync(path, 'utf8')]),
  );
}

export const keptAs = (name: string, path: string): string => {
  const file = basename(path);
  return `${name}.${file === 'vector_optimization.md' ? 'md' : file}`;
};

/** What a command would make of the case's configuration. */
async function optionsOf({ name, command, config: input }: GoldenCase, folder: string) {
  const judgements = join(folder, 'judgements.qrels');
  const config = resolveConfig(null, input(judgements));
  const dataset = await openConfiguredDataset(config, { io: capturingIo(folder), reporter: silentReporter });
  await judge(dataset, judgements);
  return {
    command,
    config,
    dataset,
    target: command === 'bench' ? null : targetOf(config),
    results: join(folder, 'results'),
    run: name,
    resume: false,
    version: '0.0.0',
    signal: new AbortController().signal,
    reporter: silentReporter,
    now,
  };
}

const searchOf = ({ command }: GoldenCase, { config }: Awaited<ReturnType<typeof optionsOf>>, situation: Situation) =>
  COMMANDS[command].search(config).search(situation);

const RELEVANT = 2;

/** Judges relevant what is near by its vector and, of all that is, has the most words in common with the query. */
async function judge(dataset: Dataset, path: string): Promise<void> {
  if (dataset.manifest.textColumn === null) return;
  const [rows, queries] = [await wordsOf(dataset.rows()), await wordsOf(dataset.queryRows())];
  const near = await exactTruth(dataset, {
    metric: 'cosine',
    k: 10 * RELEVANT,
    queries: queries.map((_, query) => query),
  });
  const lines = queries.flatMap((words, query) => {
    const common = (row: number): number => [...words].filter((word) => rows[row]!.has(word)).length;
    const byWords = [...near.rows.subarray(query * near.k, (query + 1) * near.k)].sort((a, b) => common(b) - common(a));
    return byWords.slice(0, RELEVANT).map((row) => `${query} 0 ${row} 1`);
  });
  writeFileSync(path, lines.join('\n'));
}

async function wordsOf(rows: ReturnType<Dataset['rows']>): Promise<readonly ReadonlySet<string>[]> {
  const words: Set<string>[] = [];
  for await (const { text } of rows) words.push(new Set(text?.split(' ')));
  return words;
}
