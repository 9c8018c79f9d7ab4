import type { RecordedFinding } from '../results/index.js';
import type {
  IndexParameters,
  IndexSpec,
  Metric,
  SearchSettings,
  Representation,
  StartingRule,
} from '../vocabulary.js';
import type { BuildWorkersInput } from './parallel-workers.js';
import type { IndexPrediction, PredictionInput } from './prediction.js';
import type { ScanCost, ScanCostInput } from './planner.js';
import type { ScanWork, ScanWorkInput } from './work.js';

/** What an index is built with. */
export type BuildParameter = NumberParameter | ChoiceParameter | ListParameter;

interface ParameterName {
  readonly name: string;
  /** A sentence or two for the configuration. */
  readonly meaning: string;
  /** As the extension calls it, where that is longer: `build.internal.lists`. */
  readonly option?: string;
}

export interface NumberParameter extends ParameterName {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly integer: boolean;
}

export interface ChoiceParameter extends ParameterName {
  readonly kind: 'choice';
  readonly values: readonly string[];
  readonly default: string;
}

/** Numbers in ascending order, as text: `[10, 1000]`; see {@link listText}. */
export interface ListParameter extends ParameterName {
  readonly kind: 'list';
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  readonly mostMembers: number;
  readonly default: string;
}

/** How an extension writes build parameters down as storage parameters (`WITH (…)`), and reads them. */
export interface StorageParameters {
  /** By name and as the catalog will have them, from parameters by their options' names. */
  readonly write: (options: IndexParameters) => Readonly<Record<string, string>>;
  /** The other way: options as text; those that are not set are left out. */
  readonly read: (stored: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
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
  /** Of such a knob, a sentence for the configuration. */
  readonly meaning?: string;
  /** Name of the build parameter beyond which a higher value changes nothing. */
  readonly atMost?: string;
  /** Of a knob that is no whole number: how far two values lie apart that are worth telling apart. */
  readonly step?: number;
  /** Name of a list parameter: the knob takes as many numbers as that has, as text where they are several: `10,40`. */
  readonly perMember?: string;
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

/** A message of the server during a build, and what it means. */
export interface NoticeRule {
  readonly pattern: RegExp;
  readonly finding: (match: RegExpMatchArray) => RecordedFinding;
}

/** Build parameters and search settings that somebody recommends for a table of a given size. */
export interface StartingPoint {
  readonly rule: StartingRule;
  readonly parameters: IndexParameters;
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
  /** First version of an extension other than pgvector whose parameters and settings are these. */
  readonly since?: string;
  /** As people write it: `HNSW`. */
  readonly title: string;
  readonly parameters: readonly BuildParameter[];
  readonly storage: StorageParameters;
  readonly knobs: readonly SearchKnob[];
  /** Name of the knob that trades work for recall, where the build parameters decide that; null: none does alone. */
  readonly recallKnob?: (parameters: IndexParameters) => string | null;
  /** A representation that is absent is not supported. */
  readonly representations: Readonly<Partial<Record<Representation, RepresentationSupport>>>;
  /** What it can do with a column of type `bit`; null: it has no operator class for them. */
  readonly bits: RepresentationSupport | null;
  /** Non-zero elements that a value of a `sparsevec` column may have; null: it has no operator class for them. */
  readonly mostNonZeros: number | null;
  readonly notices: readonly NoticeRule[];
  /** What is wrong with parameters that are each in range, or null. */
  readonly conflict: (
    parameters: IndexParameters,
    table: { readonly rows?: number | undefined; readonly dimensions?: number; readonly metric?: Metric },
  ) => { readonly message: string; readonly hint: string } | null;
  /** The most rows that one query can return under these settings; Infinity when there is no such limit. */
  readonly mostRows: (settings: SearchSettings) => number;
  /** The rules of thumb for a table of `rows` rows, pgvector's defaults first; no two have equal values. */
  readonly startingPoints: (rows: number) => readonly StartingPoint[];
  /** Build parameters worth a look for a table of `rows` rows, the most usual first; pgvector's defaults among them. */
  readonly candidates: (rows: number) => readonly IndexParameters[];
  /** Parameters that make, of a share of the rows, an index to compare with those of all rows. */
  readonly ofSubset: (parameters: IndexParameters, share: number) => IndexParameters;
  /** Parameters that somebody would choose for a table with this multiple of the rows. */
  readonly ofSize: (parameters: IndexParameters, multiple: number) => IndexParameters;
  /**
   * The value of the recall knob at which an index with the parameters `to` probably has the recall that one with the
   * parameters `from` has with `value`; not rounded. A prior to choose what to try, never a result.
   */
  readonly sameRecall: (value: number, parameters: Readonly<Record<'from' | 'to', IndexParameters>>) => number;
  /**
   * The natural logarithm of the buffers of an index over those of the method's default one at the same recall, for what
   * build parameters do to all data alike; absent: nothing is known of that. A prior to choose what to try.
   *
   * @param depth doublings from k to the value of the recall knob that the default index needs
   */
  readonly effort?: (parameters: IndexParameters, depth: number) => number;
  /** True when `work` at the `sameRecall` tells parameters apart as well as indexes on a subset of the rows do. */
  readonly isModelled: boolean;
  /** What is predicted of an index before it is built; null: nothing, it has to be measured. */
  readonly model: IndexModel | null;
}

/** Size, cost and work of an index, from the sources of its extension. */
export interface IndexModel {
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
export function parametersOf(kind: IndexKind, spec: IndexSpec): Record<string, number | string> {
  return Object.fromEntries(kind.parameters.map((p) => [p.name, spec.parameters[p.name] ?? p.default]));
}

/** The same by the extension's own names. */
export const optionsOf = (kind: IndexKind, parameters: IndexParameters): IndexParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      kind.parameters.find((parameter) => parameter.name === name)?.option ?? name,
      value,
    ]),
  );

/** A parameter that is a number. */
export const numberOf = (parameters: IndexParameters, name: string, otherwise: number): number => {
  const value = parameters[name];
  return typeof value === 'number' ? value : otherwise;
};

/** The one form of a list as the value of a parameter: `[10, 1000]`, or where it takes fractions `[1.0, 1.2]`. */
export const listText = (members: readonly number[], { integer }: Pick<ListParameter, 'integer'>): string =>
  `[${members.map((member) => (!integer && Number.isInteger(member) ? member.toFixed(1) : member)).join(', ')}]`;

/** The numbers of a list; null where the text is none: `[10, 1000]`, or `10,40` as a knob takes it. */
export function listOf(text: string): readonly number[] | null {
  const inner = /^\[(.*)\]$/.exec(text.trim())?.[1] ?? text;
  if (inner.trim() === '') return [];
  const members = inner.split(',').map((member) => (member.trim() === '' ? NaN : Number(member)));
  return members.every(Number.isFinite) ? members : null;
}

/** The highest value of a knob that an index with these build parameters has a use for. */
export function mostOf(knob: NumberKnob, parameters: IndexParameters): number {
  const bound = parameters[knob.atMost ?? ''] ?? Infinity;
  return Math.min(knob.max, typeof bound === 'number' ? bound : (listOf(bound)?.at(-1) ?? Infinity));
}

/**
 * The knob that trades work for recall, or undefined when there is none: exact scans.
 *
 * @param parameters of the index; left out: that of an index with the defaults
 */
export function recallKnob(kind: IndexKind, parameters: IndexParameters = {}): NumberKnob | undefined {
  const name = kind.recallKnob?.(parameters);
  return kind.knobs.find(
    (knob): knob is NumberKnob => knob.kind === 'number' && knob.monotone && (name === undefined || knob.name === name),
  );
}
