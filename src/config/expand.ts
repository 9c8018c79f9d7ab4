import { PgvtuneError } from '../errors.js';
import { describeSpec, indexKind, listOf, recallKnob } from '../indexes/index.js';
import type { IndexParameters, IndexSpec, Stored } from '../vocabulary.js';
import type { Config, IndexFamily } from './schema.js';

/** An index that a configuration names, with the values of its search setting. */
export interface NamedIndex {
  readonly spec: IndexSpec;
  /** The setting that its recall is bought with. */
  readonly knob: string;
  /** Numbers ascending, each once; text for a setting that takes several numbers. Null: none are named. */
  readonly values: readonly (number | string)[] | null;
}

/** What `representation` names, in the order written; null when there is no such key. */
export const storedAs = ({ representation }: Pick<Config, 'representation'>): readonly Stored[] | null =>
  representation?.flatMap((one): readonly Stored[] =>
    typeof one === 'string'
      ? [{ representation: one }]
      : one.subvector.map((dimensions): Stored => ({ representation: 'subvector', dimensions })),
  ) ?? null;

/**
 * Every combination of the values in `indexes` with every representation, in the order written; null when there is no such
 * key.
 *
 * @throws {PgvtuneError} `usage` for values of a setting that does not decide the recall of such an index, or of too few or
 *   too many numbers
 */
export function expandIndexes(config: Pick<Config, 'indexes' | 'representation'>): readonly NamedIndex[] | null {
  const { indexes } = config;
  if (!indexes) return null;
  return (storedAs(config) ?? [{ representation: 'vector' }]).flatMap((stored) =>
    indexes.flatMap((family) =>
      Object.entries(family).flatMap(([method, given = {}]) =>
        combinations(method, given).map((parameters) =>
          withSetting({ method, ...stored, parameters: { ...parameters } }, given),
        ),
      ),
    ),
  );
}

type Given = NonNullable<IndexFamily[string]>;

/** The last parameter changes first. */
const combinations = (method: string, given: Given): readonly IndexParameters[] =>
  indexKind(method).parameters.reduce<readonly IndexParameters[]>(
    (all, { name }) => all.flatMap((chosen) => (given[name] ?? []).map((value) => ({ ...chosen, [name]: value }))),
    [{}],
  );

function withSetting(spec: IndexSpec, given: Given): NamedIndex {
  const kind = indexKind(spec.method);
  const numbers = kind.knobs.filter((knob) => knob.kind === 'number');
  const knob = recallKnob(kind, spec.parameters) ?? numbers.find(({ perMember }) => perMember !== undefined);
  if (!knob) throw new TypeError(`${kind.title} has no setting that recall is bought with.`);
  const other = numbers.find(({ name }) => name !== knob.name && given[name] !== undefined);
  if (other !== undefined) {
    throw new PgvtuneError('usage', `Expected values of ${knob.name} for ${describeSpec(spec)}, got ${other.name}.`, {
      hint: 'Write an entry of its own for each way to search.',
    });
  }
  const values = given[knob.name];
  const members = listOf(String(spec.parameters[knob.perMember ?? ''] ?? ''))?.length ?? 0;
  const wrong = values?.find((value) => knob.perMember !== undefined && listOf(String(value))?.length !== members);
  if (wrong !== undefined) {
    throw new PgvtuneError(
      'usage',
      `Expected as many numbers of ${knob.name} for ${describeSpec(spec)} as it has ${knob.perMember}, got ${wrong}.`,
      { hint: 'Several are written in quotes: "10,40".' },
    );
  }
  return { spec, knob: knob.name, values: values ? ascending(values) : null };
}

const ascending = (values: readonly (number | string)[]): readonly (number | string)[] =>
  [...new Set(values)].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
