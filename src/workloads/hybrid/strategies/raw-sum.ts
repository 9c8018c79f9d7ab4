import type { SearchSettings } from '../../../vocabulary.js';
import { choiceOf, numberOf, type QueryChoice } from '../../knob.js';
import { vectorWeight } from '../knobs.js';
import type { Legs, Scored } from '../leg.js';
import { float8 } from '../question.js';

/*
 * w·distance + (1 − w)·(1 − text rank), the sum that people write. Its weights mean what they seem to mean only when
 * both parts vary as much: a cosine distance varies by tenths, ts_rank by hundredths.
 */

/** Whether rows whose text does not match are out, or have a text rank of 0. */
export const match: QueryChoice<'optional' | 'required'> = {
  kind: 'choice',
  name: 'match',
  values: ['optional', 'required'],
  default: 'optional',
};

export function rawSumSql(distance: string, rank: string, settings: SearchSettings): string {
  const weight = numberOf(vectorWeight, settings);
  return `${float8(weight)} * (${distance}) + ${float8(1 - weight)} * (1 - ${rank})`;
}

/** The negative sum of a row; null when it must match and does not. */
export function rawSum({ vector, text }: Legs, id: number, settings: SearchSettings): Scored | null {
  const weight = numberOf(vectorWeight, settings);
  const similarity = vector.scoreOf(id);
  const rank = text.scoreOf(id);
  if (similarity === undefined) throw new RangeError(`Expected a vector leg that knows the distance of row ${id}.`);
  if (rank === undefined && choiceOf(match, settings) === 'required') return null;
  return { id, score: -(weight * -similarity + (1 - weight) * (1 - (rank ?? 0))) };
}
