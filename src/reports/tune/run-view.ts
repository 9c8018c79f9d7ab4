import { confidenceOfEach, withAnswersOf } from '../../analysis/index.js';
import type { DocumentLanguage } from '../../languages.js';
import { ident } from '../../identifiers.js';
import { KEY_IN_RUN } from '../../json-path.js';
import { textLeg } from '../../workloads/index.js';
import type { Placement } from '../../vocabulary.js';
import { type Catalogue, type Fact, textOf } from '../text/catalogue.js';
import { runTextsIn } from '../text/run-languages.js';
import type { RunTexts } from '../text/run-texts.js';
import { escapeText } from '../text/markdown.js';
import { countRepeats } from '../text/repeats.js';
import {
  type AnswerRecord,
  type BuildRecord,
  type Choice,
  type ControlRecord,
  type Estimate,
  type GateAnswer,
  type JournalRecord,
  type LoadRecord,
  type Measured,
  type PagesRecord,
  type PlannerMapRecord,
  type PointRecord,
  type Reason,
  type RunFiles,
  type RunManifest,
  type ShardedRecord,
  type ThroughputRecord,
  type TuneAnswer,
  type WritesRecord,
} from '../../results/index.js';

/** A run's records, ready to be looked up. */
export interface RunView {
  readonly manifest: RunManifest;
  readonly load: LoadRecord | undefined;
  /** What the table in use gives that the dataset is a sample of; undefined where it is none, or was not asked. */
  readonly control: ControlRecord | undefined;
  /** Latest record of each build, in order of building. */
  readonly builds: ReadonlyMap<string, BuildRecord>;
  /** Of plain queries. */
  readonly points: ReadonlyMap<string, PointRecord>;
  /** Of filtered and hybrid queries. */
  readonly workloadPoints: ReadonlyMap<string, PointRecord>;
  readonly throughputs: ReadonlyMap<string, ThroughputRecord>;
  readonly plannerMaps: ReadonlyMap<string, PlannerMapRecord>;
  readonly pages: ReadonlyMap<string, PagesRecord>;
  readonly writes: ReadonlyMap<string, WritesRecord>;
  readonly sharded: readonly ShardedRecord[];
  /** Undefined while the run is unfinished; of a gate, that of its search. */
  readonly answer: Exclude<AnswerRecord['answer'], GateAnswer> | undefined;
  /** What is said of it, in the language of the reader. */
  readonly texts: RunTexts;
}

export function viewRun(
  { manifest, records }: Pick<RunFiles, 'manifest' | 'records'>,
  language: DocumentLanguage = 'en',
): RunView {
  const ofType = <T extends JournalRecord['type']>(type: T) =>
    records.filter((record): record is Extract<JournalRecord, { type: T }> => record.type === type);
  const answer = ofType('answer').at(-1)?.answer;
  return {
    manifest,
    load: ofType('load').at(-1),
    control: ofType('control').at(-1),
    builds: firstByKey(ofType('build')),
    points: byKey(ofType('point').filter(({ request }) => request.workload.kind === 'plain')),
    workloadPoints: byKey(ofType('point').filter(({ request }) => request.workload.kind !== 'plain')),
    throughputs: new Map(ofType('throughput').map((record) => [record.key, record])),
    plannerMaps: new Map(ofType('planner-map').map((record) => [record.key, record])),
    pages: new Map(ofType('pages').map((record) => [record.key, record])),
    writes: new Map(ofType('writes').map((record) => [record.key, record])),
    sharded: ofType('sharded'),
    answer: answer?.kind === 'gate' ? answer.tuned : answer,
    texts: runTextsIn(language),
  };
}

/** The answer of a search; undefined while the run is unfinished, and for a bench. */
export const tuneAnswer = ({ answer }: RunView): TuneAnswer | undefined =>
  answer?.kind === 'tune' ? answer : undefined;

/** An index that was dropped and built again has two records: the search went by the first. */
function firstByKey(builds: readonly BuildRecord[]): ReadonlyMap<string, BuildRecord> {
  const first = new Map<string, BuildRecord>();
  for (const record of builds) if (!first.has(record.key)) first.set(record.key, record);
  return first;
}

const byKey = (points: readonly PointRecord[]): ReadonlyMap<string, PointRecord> =>
  new Map(points.map((record) => [record.key, record]));

/** A point with the build it was measured on. */
export interface PointView {
  readonly point: PointRecord;
  readonly build: BuildRecord;
  /** Null for a void or failed point: it has no figures. */
  readonly measured: Measured | null;
}

export function pointOf(run: RunView, key: string): PointView | undefined {
  const point = run.points.get(key);
  const build = point && run.builds.get(point.request.build);
  return point && build ? { point, build, measured: point.measured } : undefined;
}

/** The index in words, with the rows that it was built on when those are not the table's: its figures are not either. */
export function describeBuild({ texts }: Pick<RunView, 'texts'>, { request, parts }: BuildRecord): string {
  const { columnIndex, text, placement } = request;
  const { names } = texts;
  if (columnIndex) return names.columnIndex(columnIndex);
  if (text) return texts.hybrid.textLegTitles[textLeg(text.method).name];
  const spec = names.spec(request.spec);
  if (placement) return describePlaced({ texts }, spec, placement, parts?.length ?? 1);
  return request.rows === undefined ? spec : names.onRandomRows(spec, request.rows);
}

const MOST_CHARACTERS = 60;

function describePlaced(
  { texts: { names } }: Pick<RunView, 'texts'>,
  spec: string,
  placement: Placement,
  indexes: number,
): string {
  if (placement.kind !== 'partial') return names.partitions(spec, indexes, placement.kind, placement.column);
  const [measured = ''] = placement.predicates;
  const predicate = measured.replaceAll(ident(KEY_IN_RUN), 'id');
  const shown = predicate.length > MOST_CHARACTERS ? `${predicate.slice(0, MOST_CHARACTERS)}…` : predicate;
  return names.partial(spec, indexes, shown);
}

/** The point of a choice, with the recall that most queries show. */
export function choicePoint(run: RunView, choice: Choice | null): PointView | undefined {
  const view = choice ? pointOf(run, choice.point) : undefined;
  const answers = choice?.shownBy === undefined ? null : run.points.get(choice.shownBy)?.measured;
  return view?.measured && answers ? { ...view, measured: withAnswersOf(view.measured, answers) } : view;
}

/** Recall of the recommendation: of any build of it, where several were measured. */
export const recommendedRecall = ({ buildVariance }: TuneAnswer, { recall }: Measured): Estimate =>
  buildVariance?.recall ?? recall.mean;

/**
 * Says beside every latency when it is none of a native server: a reader who takes one figure out of a report takes this
 * with it.
 */
export const latencyHeading = ({ manifest }: RunView, name: string): string =>
  manifest.server.kind === 'embedded' ? `${name}, ${escapeText(manifest.server.label)}>` : `${name}>`;

/** Why something has no figures; empty when it has. */
export const reasonText = ({ texts }: Pick<RunView, 'texts'>, reason: Reason | null): string =>
  reason === null ? '' : withoutKeys(textOf(texts.reasons, reason));

/** The text of a fact that may name a plan, for a reader. */
export const plainText = <F extends Fact>(catalogue: Catalogue<F>, fact: F): string =>
  withoutKeys(textOf(catalogue, fact));

/** Why an answer is what it is. */
export const becauseText = ({ texts }: Pick<RunView, 'texts'>, { because }: Pick<TuneAnswer, 'because'>): string =>
  because.map((ground) => plainText(texts.grounds, ground)).join(' ');

/** The confidence with which the recall of each index was tested. */
export const testedConfidence = ({ target, tested = 1 }: Pick<TuneAnswer, 'target' | 'tested'>): number =>
  confidenceOfEach(target.confidence, tested);

/** What the confidence in the recall costs, as plain text; empty where that is not known. */
export const confidencePriceLine = (
  { texts }: Pick<RunView, 'texts'>,
  { confidencePrice }: Pick<TuneAnswer, 'confidencePrice'>,
): string => (confidencePrice ? plainText(texts.confidencePrices, confidencePrice) : '');

/** How queries were served. */
export const planScans = ({ texts }: Pick<RunView, 'texts'>, plans: readonly { readonly scans: string }[]): string =>
  [
    ...new Set(
      plans.map(({ scans }) => {
        const repeated = countRepeats(withoutKeys(scans).split(' + ')).join(' + ');
        return escapeText(texts.names.recordedScans(repeated));
      }),
    ),
  ].join(` ${texts.sections.words.or} `);

/** A plan in words. Names of indexes carry keys, and the numbers of their parts, that mean nothing to a reader. */
export const withoutKeys = (scans: string): string =>
  scans.replaceAll(/_[0-9a-f]{16}(_\d+)?/g, '').replaceAll(/(items_by_\w+?)_[0-9a-f]{8}(_\d+)?/g, '$1');
