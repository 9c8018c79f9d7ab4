import type { Severity } from '../findings.js';

/** A rule that results refer to. */
export interface SarifRule {
  readonly id: string;
  readonly name?: string;
  readonly shortDescription?: { readonly text: string };
}

/** A finding, as code scanning services and editors show it. */
export interface SarifResult {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly text: string;
  /** SARIF's `location` objects: a line of a file, or an object that is no file. */
  readonly locations: readonly object[];
  /** The same in the next run, whatever else is found there. */
  readonly fingerprint?: string;
}

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/**
 * A log of one run of pgvtune. Source: OASIS, _Static Analysis Results Interchange Format 2.1.0_.
 *
 * @param rules every rule that a result refers to, once
 * @param version of pgvtune
 */
export const sarifLog = (rules: readonly SarifRule[], results: readonly SarifResult[], version: string): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'pgvtune', version, rules } },
      results: results.map(({ ruleId, severity, text, locations, fingerprint }) => ({
        ruleId,
        ruleIndex: rules.findIndex(({ id }) => id === ruleId),
        level: LEVELS[severity],
        message: { text },
        locations,
        ...(fingerprint === undefined ? {} : { partialFingerprints: { 'pgvtune/v1': fingerprint } }),
      })),
    },
  ],
});
