import { PgvtuneError } from '../errors.js';
import type { ChoiceKnob, NumberKnob } from '../indexes/index.js';
import type { SearchSettings } from '../vocabulary.js';

/** A number that is part of the statement's text, where the knobs of an index are settings of the session. */
export type QueryNumber = Omit<NumberKnob, 'guc' | 'since'>;

/** A choice that is part of the statement's text. */
export interface QueryChoice<Value extends string = string> extends Omit<ChoiceKnob, 'guc' | 'since'> {
  readonly values: readonly Value[];
  readonly default: Value;
}

/** What changes the statement of a workload, and so its answer, without a rebuild. */
export type QueryKnob = QueryNumber | QueryChoice;

/** The knob's value among the settings, or its default. @throws {PgvtuneError} `usage` when it is out of range */
export function numberOf(knob: QueryNumber, settings: SearchSettings): number {
  const value = settings[knob.name] ?? knob.default;
  const fits = knob.integer ? Number.isInteger(value) : Number.isFinite(value);
  if (typeof value === 'number' && fits && value >= knob.min && value <= knob.max) return value;
  const kind = knob.integer ? 'a whole number' : 'a number';
  throw new PgvtuneError(
    'usage',
    `Expected ${knob.name} to be ${kind} from ${knob.min} to ${knob.max}, got "${value}".`,
    { hint: `Leave ${knob.name} out for the default, ${knob.default}.` },
  );
}

/** The knob's value among the settings, or its default. @throws {PgvtuneError} `usage` when it is none of its values */
export function choiceOf<Value extends string>(knob: QueryChoice<Value>, settings: SearchSettings): Value {
  const value = settings[knob.name] ?? knob.default;
  const choice = knob.values.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw new PgvtuneError('usage', `Expected ${knob.name} to be one of ${knob.values.join(', ')}, got "${value}".`, {
    hint: `Leave ${knob.name} out for the default, ${knob.default}.`,
  });
}
