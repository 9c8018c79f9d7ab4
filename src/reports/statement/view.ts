import type { DocumentLanguage } from '../../languages.js';
import type {
  RunFiles,
  RunManifest,
  StatementOption,
  StatementStep,
  StatementSubject,
  StatementWithIndexRecord,
  StatementWithoutIndexRecord,
} from '../../results/index.js';
import { runTextsIn } from '../text/run-languages.js';
import type { RunTexts } from '../text/run-texts.js';

/** An index, with the settings that the answer names. */
export interface OptionView extends Pick<StatementOption, 'reached'> {
  readonly record: StatementWithIndexRecord;
  /** By their full names. */
  readonly settings: Readonly<Record<string, string>>;
  /** Null: the planner does not serve the statement by the index. */
  readonly step: StatementStep | null;
}

/** A run of `tune --sql`, as far as it came. */
export interface StatementView {
  readonly manifest: RunManifest;
  readonly subject: StatementSubject;
  /** Undefined while it was not measured. */
  readonly without: StatementWithoutIndexRecord | undefined;
  /** In the order of measuring; while the run is unfinished, none. */
  readonly options: readonly OptionView[];
  readonly best: OptionView | null;
  readonly isFinished: boolean;
  readonly texts: RunTexts;
}

/** Null for a run of something else. */
export function viewStatement(
  { manifest, records }: Pick<RunFiles, 'manifest' | 'records'>,
  language: DocumentLanguage = 'en',
): StatementView | null {
  const { statement: subject } = manifest;
  if (!subject) return null;
  const measured = new Map(
    records.flatMap((record) => (record.type === 'statement-with-index' ? [[record.key, record] as const] : [])),
  );
  const answer = records.find((record) => record.type === 'answer')?.answer;
  const answered = answer?.kind === 'statement' ? answer : null;
  const options = answered?.options.map((option) => optionOf(option, measured.get(option.record)!)) ?? [];
  return {
    manifest,
    subject,
    without: records.find((record) => record.type === 'statement-without-index'),
    options,
    best: options[answered?.best ?? -1] ?? null,
    isFinished: answered !== null,
    texts: runTextsIn(language),
  };
}

function optionOf({ value, reached }: StatementOption, record: StatementWithIndexRecord): OptionView {
  const { settings, sweep } = record.request;
  return {
    record,
    reached,
    settings: value === null ? settings : { ...settings, [sweep.setting]: String(value) },
    step: record.steps.find((step) => step.value === value) ?? null,
  };
}
