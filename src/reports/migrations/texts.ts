import type { FileProblemCode, Hazard, HistoryFinding, ProblemCode, VectorFinding } from '../../migrations/index.js';
import type { Severity } from '../../findings.js';
import type { SquashTexts } from './squash-texts.js';
import type { Catalogue } from '../text/catalogue.js';

/** All that the report of a history says; a language has one. Texts are Markdown. */
export interface MigrationTexts {
  readonly findings: Catalogue<HistoryFinding>;
  readonly vectors: Catalogue<VectorFinding>;
  readonly hazard: (hazard: Hazard) => string;
  readonly problems: Readonly<Record<ProblemCode, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly document: DocumentTexts;
  readonly squash: SquashTexts;
}

/** What is wrong with a file. */
export type FileProblemTexts = Readonly<Record<FileProblemCode, string>>;

export interface DocumentTexts {
  readonly title: (name: string) => string;
  readonly summary: string;
  readonly format: string;
  readonly revisions: string;
  readonly operations: string;
  readonly understood: (understood: number, operations: number, share: number) => string;
  readonly conditional: string;
  readonly heads: string;
  readonly period: string;
  readonly lockTimeout: string;
  readonly notSet: string;
  readonly assumedTypes: (
    types: readonly { readonly name: string; readonly as: string; readonly operations: number }[],
  ) => string;
  readonly findings: string;
  readonly noFindings: string;
  readonly severity: string;
  readonly finding: string;
  readonly vectors: string;
  readonly hazards: (since: string) => string;
  readonly noHazards: string;
  readonly safeForm: string;
  readonly notUnderstood: string;
  readonly notUnderstoodIntro: string;
  readonly allUnderstood: string;
  readonly where: string;
  readonly what: string;
  readonly why: string;
  readonly growth: string;
  readonly month: string;
  readonly method: string;
  readonly methodText: string;
  readonly more: (count: number) => string;
}
