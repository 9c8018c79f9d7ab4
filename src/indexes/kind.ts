import type { RecordedFinding } from '../results/index.js';
import type { IndexSpec, Metric, SearchSettings, Representation, StartingRule } from '../vocabulary.js';
import type { BuildWorkersInput } from './parallel-workers.js';
import type { IndexPrediction, PredictionInput } from './prediction.js';
import type { ScanCost, ScanCostInput } from './planner.js';
import type { ScanWork, ScanWorkInput } from './work.js';

/** A whole number that an index is built with: a storage parameter (`WITH (…)`). */
export interface BuildParameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** What a session can set, without a rebuild, to change how an index is searched. */
export type SearchKnob = NumberKnob | ChoiceKnob;

interface KnobName {
  /** As in {@link SearchSettings}: `ef_search`. */
  readonly name: string;
  /** As the server knows it: `hnsw.ef_search`. */
  readonly guc: string;
  /** First version of the extension that has it. */
  readonly since: string;
}

export interface NumberKnob extends KnobName {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly integer: boolean;
  /** True when a higher value never lowers recall on average: the knob that a search may bisect. */
  readonly monotone: boolean;
  /** Name of the build parameter beyond which a higher value changes nothing. */
  readonly atMost?: string;
}

export interface ChoiceKnob extends KnobName {
  readonly kind: 'choice';
  readonly values: readonly string[];
  readonly default: string;
}

/** What an index kind can do with one representation, or with one type of column. */
export interface RepresentationSupport {
  /** Of the stored value. */
  readonly maxDimensions: number;
  readonly metrics: readonly Metric[];
  /** First version of the extension that has it. */
  readonly since: string;
}

/** Something that a build said and that deserves a sentence in the report. */
/** A message of the server during a build, and what it means. */
export interface NoticeRule {
  readonly pattern: RegExp;
  readonly finding: (match: RegExpMatchArray) => RecordedFinding;
}

/** Build parameters and search settings that somebody recommends for a table of a given size. */
export interface StartingPoint {
  readonly rule: StartingRule;
  readonly parameters: Readonly<Record<string, number>>;
  readonly settings: SearchSettings;
}

/**
 * What pgvtune knows about an access method. Everything here is data or a pure function; the rest of the program asks
 * the registry and never mentions a method by name. A new access method is one file and one line in `registry.ts`.
 */
export interface IndexKind {
  /** As in the spec's `method`: `hnsw`, `ivfflat`, or `none` for the exact scan. */
  readonly name: string;
  /** As in `CREATE INDEX … USING`; null when there is no index. */
  readonly accessMethod: string | null;
  /** Name of the extension that it belongs to: two extensions may have access methods of one name. */
  readonly extension: string;
  /** As people write it: `HNSW`. */
  readonly title: string;
  readonly parameters: readonly BuildParameter[];
  readonly knobs: readonly SearchKnob[];
  /** A representation that is absent is not supported. */
  readonly representations: Readonly<Partial<Record<Representation, RepresentationSupport>>>;
  /** What it can do with a column of type `bit`. */
  readonly bits: RepresentationSupport;
  /** Non-zero elements that a value of a `sparsevec` column may have; null: it has no operator class for them. */
  readonly mostNonZeros: number | null;
  readonly notices: readonly NoticeRule[];
  /** What is wrong with parameters that are each in range, or null. `rows` is undefined when unknown. */
  readonly conflict: (
    parameters: Readonly<Record<string, number>>,
    rows: number | undefined,
  ) => { readonly message: string; readonly hint: string } | null;
  /** The most rows that one query can return under these settings; Infinity when there is no such limit. */
  readonly mostRows: (settings: SearchSettings) => number;
  /** The rules of thumb for a table of `rows` rows, pgvector's defaults first; no two have equal values. */
  readonly startingPoints: (rows: number) => readonly StartingPoint[];
  /** Build parameters worth a look for a table of `rows` rows, the most usual first; pgvector's defaults among them. */
  readonly candidates: (rows: number) => readonly Readonly<Record<string, number>>[];
  /** Parameters that make, of a share of the rows, an index to compare with those of all rows. */
  readonly ofSubset: (parameters: Readonly<Record<string, number>>, share: number) => Readonly<Record<string, number>>;
  /** Parameters that somebody would choose for a table with this multiple of the rows. */
  readonly ofSize: (parameters: Readonly<Record<string, number>>, multiple: number) => Readonly<Record<string, number>>;
  /**
   * The value of the recall knob at which an index with the parameters `to` probably has the recall that one with the
   * parameters `from` has with `value`; not rounded. A prior to choose what to try, never a result.
   */
  readonly sameRecall: (
    value: number,
    parameters: Readonly<Record<'from' | 'to', Readonly<Record<string, number>>>>,
  ) => number;
  /** True when `work` at the `sameRecall` tells parameters apart as well as indexes on a subset of the rows do. */
  readonly isModelled: boolean;
  /** Workers besides the leader that a build gets. */
  readonly buildWorkers: (input: BuildWorkersInput) => number;
  /** Size, build memory and steps. */
  readonly predict: (input: PredictionInput) => IndexPrediction;
  /** What the planner thinks that an ordered scan of the index costs; null when there is no index. */
  readonly scanCost: ((input: ScanCostInput) => ScanCost) | null;
  /** What a query does: rows compared and buffers touched. */
  readonly work: (input: ScanWorkInput) => ScanWork;
}

/** All parameters of a spec by name, defaults filled in. */
export function parametersOf(kind: IndexKind, spec: IndexSpec): Record<string, number> {
  return Object.fromEntries(kind.parameters.map((p) => [p.name, spec.parameters[p.name] ?? p.default]));
}

/** The highest value of a knob that an index with these build parameters has a use for. */
export const mostOf = (knob: NumberKnob, parameters: Readonly<Record<string, number>>): number =>
  Math.min(knob.max, parameters[knob.atMost ?? ''] ?? Infinity);

/** The knob that trades work for recall, or undefined when there is none: exact scans. */
export function recallKnob(kind: IndexKind): NumberKnob | undefined {
  return kind.knobs.find((knob): knob is NumberKnob => knob.kind === 'number' && knob.monotone);
}
