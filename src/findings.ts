import { z } from 'zod';

/*
 * A finding is a fact that a reader must know: a code, a severity, and the figures behind it. It holds no sentence:
 * `reports/text` has one for each code, in each language, so that old runs gain from better wording.
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

/**
 * One thing to look at in a snapshot of a server. A check is one file, which the registry of its area lists; a renderer
 * has the sentences for its findings.
 */
export interface Check<Snapshot, Need extends keyof Snapshot = keyof Snapshot, Found extends Finding = Finding> {
  /** Kebab-case; also the code of its findings. */
  readonly id: Found['code'];
  readonly area: string;
  /** Of its most severe finding. */
  readonly severity: Severity;
  /** The parts of the snapshot that it looks at. Where one could not be read, the check is reported as not made. */
  readonly needs: readonly Need[];
  run(parts: { readonly [N in Need]: NonNullable<Snapshot[N]> }): readonly Found[];
}

/** A check that could not be made, and the parts of the snapshot that it lacked. */
export interface Unchecked<Snapshot> {
  readonly id: string;
  readonly missing: readonly (keyof Snapshot)[];
}

/** Runs every check whose parts are there. A part that is `undefined` or `null` could not be read. */
export function runChecks<Snapshot extends object, Found extends Finding>(
  checks: readonly Check<Snapshot, keyof Snapshot, Found>[],
  snapshot: Snapshot,
): { readonly findings: readonly Found[]; readonly unchecked: readonly Unchecked<Snapshot>[] } {
  const missing = (check: (typeof checks)[number]): readonly (keyof Snapshot)[] =>
    check.needs.filter((need) => snapshot[need] === undefined || snapshot[need] === null);
  const possible = checks.filter((check) => missing(check).length === 0);
  return {
    findings: bySeverity(
      possible.flatMap((check) => check.run(snapshot as { readonly [N in keyof Snapshot]: NonNullable<Snapshot[N]> })),
    ),
    unchecked: checks.flatMap((check) => {
      const parts = missing(check);
      return parts.length === 0 ? [] : [{ id: check.id, missing: parts }];
    }),
  };
}
