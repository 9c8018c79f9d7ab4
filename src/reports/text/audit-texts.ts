import type { AuditFinding } from '../../audit/index.js';
import type { AuditFrame } from './audit-frame.js';

/** What is said of the findings of one check. `effect` and `doubt` are whole sentences. */
export interface FindingTexts<Data> {
  /** A heading: names the fault. */
  readonly title: string;
  /** The cause and its effect, with the figures. */
  readonly says: (data: Data) => string;
  /** What the remedy brings, or what to look at where there is none. */
  readonly effect: (data: Data) => string;
  /** How the finding could be wrong. */
  readonly doubt: (data: Data) => string;
}

type Fact = Pick<AuditFinding, 'code' | 'data'>;

/** Texts for every code of a union of findings. The compiler misses none. */
export type FindingCatalogue<F extends Fact> = {
  readonly [Code in F['code']]: FindingTexts<Extract<F, { readonly code: Code }>['data']>;
};

/** The texts of one finding. */
export function textsOf<F extends Fact>(
  catalogue: FindingCatalogue<F>,
  finding: F,
): Readonly<Record<keyof FindingTexts<unknown>, string>> {
  const texts = catalogue[finding.code as F['code']] as FindingTexts<F['data']>;
  const { data } = finding;
  return { title: texts.title, says: texts.says(data), effect: texts.effect(data), doubt: texts.doubt(data) };
}

/** Everything that an audit says in one language. */
export interface AuditTexts {
  readonly frame: AuditFrame;
  readonly findings: FindingCatalogue<AuditFinding>;
}
