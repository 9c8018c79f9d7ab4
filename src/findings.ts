import { z } from 'zod';

/*
 * A finding is a fact that a reader must know: a code, a severity, and the figures behind it. It holds no sentence:
 * `reports/text` has one for each code, in each language, so that old runs gain from better wording.
 *
 * A check looks for one kind of finding in a snapshot: facts of a server, read once. Where a part of the snapshot could
 * not be read, the check is reported as not made, with the reason; it never counts as passed.
 */

/** From what must be mended before anything else to what is only worth knowing. */
export const SEVERITIES = ['high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding<Code extends string = string, Data = unknown> {
  /** Kebab-case; names the kind of finding, for ever. */
  readonly code: Code;
  readonly severity: Severity;
  readonly data: Data;
}

/** A kind of finding: its code, its usual severity and the schema of its data. */
export interface FindingKind<Code extends string, Data extends z.ZodType> {
  readonly code: Code;
  readonly severity: Severity;
  /** Of the whole finding, as a record keeps it. */
  readonly schema: z.ZodObject<
    { code: z.ZodLiteral<Code>; severity: z.ZodEnum<{ [S in Severity]: S }>; data: Data },
    z.core.$strict
  >;
  /** @param severity only where this one is more or less severe than its kind */
  of(data: z.infer<Data>, severity?: Severity): Finding<Code, z.infer<Data>>;
}

/** Defines a kind of finding. `data` holds figures with their unit in the name, never a sentence. */
export function findingKind<const Code extends string, Data extends z.ZodType>(
  code: Code,
  severity: Severity,
  data: Data,
): FindingKind<Code, Data> {
  return {
    code,
    severity,
    schema: z.strictObject({ code: z.literal(code), severity: z.enum(SEVERITIES), data }),
    of: (facts, own = severity) => ({ code, severity: own, data: facts }),
  };
}

/** Most severe first; equals keep their order. */
export const bySeverity = <F extends Pick<Finding, 'severity'>>(findings: readonly F[]): readonly F[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

/** A part of a snapshot: its value, or a code that says why it could not be read. */
export type Part<Value, Why extends string> = Value | Unread<Why>;

/** Stands for the value of a part that could not be read. */
export interface Unread<Why extends string = string> {
  readonly unread: Why;
}

export const unread = <const Why extends string>(why: Why): Unread<Why> => ({ unread: why });

export const isUnread = (part: unknown): part is Unread =>
  typeof part === 'object' && part !== null && 'unread' in part;

/** The reasons why parts of a snapshot may not be readable. */
export type WhyUnread<Snapshot> = Extract<Snapshot[keyof Snapshot], Unread>['unread'];

/** Parts of a snapshot that could be read. */
export type PartsRead<Snapshot, Need extends keyof Snapshot> = {
  readonly [N in Need]: Exclude<Snapshot[N], Unread>;
};

/** Looks for one kind of finding in a snapshot. */
export interface Check<Snapshot, Need extends keyof Snapshot = keyof Snapshot, Found extends Finding = Finding> {
  /** Kebab-case; names what is wrong. Also the code of its findings. */
  readonly id: string;
  readonly area: string;
  /** Of its most severe finding. */
  readonly severity: Severity;
  /** The parts of the snapshot that it looks at. */
  readonly needs: readonly Need[];
  run(parts: PartsRead<Snapshot, Need>): readonly Found[];
}

/** The findings that a check can have. */
export type FindingOf<C extends { run(parts: never): unknown }> = C extends {
  run(parts: never): readonly (infer Found)[];
}
  ? Found
  : never;

/**
 * The function that defines the checks of an area.
 *
 * @typeParam Snapshot what they look at
 * @typeParam More what their findings hold besides code, severity and data
 */
export function checksOf<Snapshot, More = unknown>(area: string) {
  return <const Id extends string, Need extends keyof Snapshot, Data extends object>(check: {
    readonly id: Id;
    readonly severity: Severity;
    readonly needs: readonly Need[];
    /** What is wrong: the data of each finding, and its severity where it is less severe than the check. */
    run(parts: PartsRead<Snapshot, Need>): readonly (More & { readonly data: Data; readonly severity?: Severity })[];
  }): Check<Snapshot, Need, More & Finding<Id, Data>> => ({
    ...check,
    area,
    run: (parts) => check.run(parts).map((found) => ({ severity: check.severity, ...found, code: check.id })),
  });
}

/** A check that was not made, and the parts of the snapshot that it lacked. */
export interface Unchecked<Snapshot> {
  readonly id: string;
  readonly missing: readonly { readonly part: keyof Snapshot; readonly why: WhyUnread<Snapshot> }[];
}

/** Makes every check whose parts could be read. */
export function runChecks<Snapshot extends object, C extends Check<Snapshot>>(
  checks: readonly C[],
  snapshot: Snapshot,
): { readonly findings: readonly FindingOf<C>[]; readonly unchecked: readonly Unchecked<Snapshot>[] } {
  const findings: FindingOf<C>[] = [];
  const unchecked: Unchecked<Snapshot>[] = [];
  for (const check of checks) {
    const missing = check.needs.flatMap((part) => {
      const value = snapshot[part];
      return isUnread(value) ? [{ part, why: value.unread }] : [];
    });
    if (missing.length > 0) unchecked.push({ id: check.id, missing });
    else findings.push(...(check.run(snapshot as PartsRead<Snapshot, keyof Snapshot>) as readonly FindingOf<C>[]));
  }
  return { findings: bySeverity(findings), unchecked };
}
