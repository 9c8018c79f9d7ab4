import { z } from 'zod';
import { costComparisonSchema } from './cost-comparison.js';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';
import { strandedSchema } from './stranded.js';
import { notBuiltSchema } from './why-not.js';
import { unmetSchema } from './unmet.js';
import { indexSpecSchema, representationSchema, searchSettingsSchema } from '../../vocabulary.js';

const settings = searchSettingsSchema;

/** A bound of the target. */
export const boundSchema = z.enum(['recall', 'p95', 'index_size', 'build_memory', 'build_time']);
export type BoundName = z.infer<typeof boundSchema>;

/** What a bound would have to be for something to meet the target. */
export const needSchema = z.discriminatedUnion('code', [
  /** `ofAnyBuild`: one build reaches the target; this is shown for all of them. */
  factSchema('recall', { low: z.number(), ofAnyBuild: z.boolean() }),
  factSchema('p95', { ms: z.number() }),
  /** `isPredicted`: it was not built. */
  factSchema('index_size', { bytes: z.number(), isPredicted: z.boolean() }),
  factSchema('build_time', { seconds: z.number() }),
  /** Predicted; `keepsOffDisk`: it was built with less, and slowed down. */
  factSchema('build_memory', { bytes: z.number(), keepsOffDisk: z.boolean() }),
]);
export type Need = z.infer<typeof needSchema>;

/** Which bound decides; where nothing is recommended, which one blocks. */
export const bindingSchema = z.discriminatedUnion('code', [
  /** The exact scan is recommended. */
  factSchema('none-decides', {}),
  factSchema('recall-decides', {
    /**
     * What `recall` more of it would cost: buffers and p95 over those of the recommendation (the p95 is null where it is
     * not known), at a value of the knob; null: nothing that is known.
     */
    more: z
      .strictObject({
        recall: z.number(),
        buffersRatio: z.number(),
        knob: z.string(),
        value: z.number(),
        p95Ratio: z.number().nullable(),
      })
      .nullable(),
    /** Indexes that the bound on size ruled out. */
    tooLarge: z.number().int(),
    /** The bound on the p95, where it is nearly used up; else null. */
    nearP95Ms: z.number().nullable(),
  }),
  factSchema('one-blocks', { need: needSchema, spec: indexSpecSchema, settings }),
  /** Giving way in one of them is enough. */
  factSchema('together-block', { bounds: z.array(boundSchema) }),
  /** Nothing meets all but one; the nearest misses these. */
  factSchema('several-block', { bounds: z.array(boundSchema) }),
]);
export type Binding = z.infer<typeof bindingSchema>;

/** What the recommendation is expected to cost when the table doubles; nothing of it is measured. */
export const growthSchema = z.discriminatedUnion('code', [
  factSchema('exact-scan-doubles', {}),
  /** Bytes of the index; the lists that keep the recall for √2 times the probes. */
  factSchema('lists-grow', { rows: z.number().int(), bytes: z.number(), lists: z.number().int() }),
  /** The value of the knob that keeps the recall, and buffers over those of today. */
  factSchema('knob-grows', {
    rows: z.number().int(),
    bytes: z.number(),
    knob: z.string(),
    value: z.number(),
    buffersRatio: z.number(),
  }),
]);
export type Growth = z.infer<typeof growthSchema>;

/** How pgvector's default index does with the right setting. */
export const defaultIndexSchema = z.discriminatedUnion('code', [
  factSchema('is-recommended', { spec: indexSpecSchema, settings }),
  factSchema('misses-target', { spec: indexSpecSchema }),
  /** It meets the target; compared with the recommendation. */
  factSchema('compared', { spec: indexSpecSchema, settings, comparison: costComparisonSchema }),
]);
export type DefaultIndex = z.infer<typeof defaultIndexSchema>;

/** Why another representation is used, or not. */
export const representationWhySchema = z.discriminatedUnion('code', [
  factSchema('is-recommended', {}),
  factSchema('no-index-needed', {}),
  factSchema('others-promised-more', {}),
  ...notBuiltSchema.options,
  factSchema('build-failed', { reason: reasonSchema }),
  /** The recall that it reaches on `rows` random rows, and the one that corresponds to the target there. */
  factSchema('loses-too-much', {
    representation: representationSchema,
    rows: z.number().int(),
    recall: z.number(),
    wanted: z.number(),
    isReranked: z.boolean(),
  }),
  /** Expected cost over that of pgvector's default index on `rows` random rows; share of the index that is saved. */
  factSchema('expected', {
    rows: z.number().int(),
    ratio: z.number(),
    saved: z.number().nullable(),
    savesMemory: z.boolean(),
  }),
  /** What one build of it met, and others are not shown to. */
  factSchema('misses-target', { settings, unmet: z.array(unmetSchema) }),
  /** It meets the target; compared with the recommendation. */
  factSchema('meets-target', { settings, comparison: costComparisonSchema, savesMemory: z.boolean() }),
]);
export type RepresentationWhy = z.infer<typeof representationWhySchema>;

const representationVerdictSchema = z.strictObject({
  representation: representationSchema,
  /** Of a subvector. */
  dimensions: z.number().int().optional(),
  verdict: z.enum(['recommended', 'no gain', 'not recommended', 'not tried']),
  why: representationWhySchema,
});
export type RepresentationVerdict = z.infer<typeof representationVerdictSchema>;

/** What else can be done where nothing meets the target. */
export const wayOutSchema = z.discriminatedUnion('code', [
  /** The recall is there, but so few queries show only `low` of it. */
  factSchema('more-queries', {
    spec: indexSpecSchema,
    settings,
    recall: z.number(),
    low: z.number(),
    queries: z.number().int(),
  }),
  /** Share of the rows that repeat the vector of another. */
  factSchema('deduplicate', { share: z.number() }),
  factSchema('higher-setting', { knob: z.string(), highest: z.number() }),
  /** `recall`: the most that was seen; null: in no point of this run. */
  factSchema('denser-graph', { spec: indexSpecSchema, recall: z.number().nullable(), isStalled: z.boolean() }),
  factSchema('iterative-scan', { k: z.number().int() }),
  factSchema('ivfflat', {}),
  factSchema('ivfflat-with-memory', { bytes: z.number() }),
  factSchema('partitions', {}),
  factSchema('exact-scan', { medianMs: z.number() }),
  factSchema('less-work', {}),
  /** Representations that were not among those to choose from, as they are described. */
  factSchema('smaller-representation', { names: z.array(z.string()) }),
  factSchema('less-to-index', {}),
  factSchema('quicker-build', {}),
]);
export type WayOut = z.infer<typeof wayOutSchema>;

/** What a search knows beside its recommendation. */
export const adviceSchema = z.strictObject({
  /** What the search took. Builds count as the share of the rows that they hold. */
  effort: z.strictObject({
    wholeBuilds: z.number().int(),
    subsetBuilds: z.number().int(),
    /** Rows of the subset; null: none was built on. */
    subsetRows: z.number().int().nullable(),
    buildSeconds: z.number(),
    points: z.number().int(),
  }),
  /** Null where nothing could be measured. */
  binding: bindingSchema.nullable(),
  /** Null when nothing is recommended. */
  growth: growthSchema.nullable(),
  /** Null when it was not built. */
  defaults: defaultIndexSchema.nullable(),
  /** Null where no few queries decide; absent in runs of former versions. */
  stranded: strandedSchema.nullable().optional(),
  representations: z.array(representationVerdictSchema),
  /** Where no point meets the target: for each bound the one that comes nearest to it and meets all the others. */
  relaxed: z.array(
    z.strictObject({
      need: needSchema,
      spec: indexSpecSchema,
      settings,
      /** Key of the point; null: the bound kept the index from being built, and its value is not known. */
      point: z.string().nullable(),
    }),
  ),
  waysOut: z.array(wayOutSchema),
});
export type Advice = z.infer<typeof adviceSchema>;
