import type { SearchSettings } from '../../../vocabulary.js';
import { numberOf, type QueryKnob } from '../../knob.js';
import { textDepth, vectorDepth, vectorWeight } from '../knobs.js';
import { byScore, type Leg, type Legs, type Scored } from '../leg.js';
import { textRows, textSql, vectorRows, withTables } from '../leg-sql.js';
import type { Normalisation } from '../normalisation.js';
import { float8, type Asked } from '../question.js';
import { textKnobs, vectorKnobs } from './knobs-of.js';
import { noLimit, type HybridStrategy } from './strategy.js';

/**
 * Each leg gives its candidates by its own index; their scores are made comparable and added with weights. A candidate
 * of one leg only has from the other what the normalisation says of missing rows.
 */
export const normalised = (
  options: Pick<HybridStrategy, 'name' | 'shutsTextOut'> & {
    readonly ownKnobs: readonly QueryKnob[];
    readonly normalisation: (settings: SearchSettings) => Normalisation;
  },
): HybridStrategy => ({
  name: options.name,
  sides: ['vector', 'text'],
  limit: noLimit,
  indexes: () => ({ vector: 'required', text: 'required' }),
  knobs: (question, spec) => [
    vectorDepth,
    textDepth,
    vectorWeight,
    ...options.ownKnobs,
    ...textKnobs(question),
    ...vectorKnobs(spec),
  ],
  shutsTextOut: options.shutsTextOut,
  vectorReach: (_question, settings) => numberOf(vectorDepth, settings),
  sql: (asked) => fusedSql(asked, options.normalisation(asked.settings)),
  fuse: (legs, settings, k) => fuseValues(legs, settings, options.normalisation(settings)).slice(0, k),
});

function fusedSql(asked: Asked, { value, missing }: Normalisation): string {
  const { question, settings } = asked;
  const weight = numberOf(vectorWeight, settings);
  const legs = [
    ...textSql(asked).with,
    `vector_leg AS MATERIALIZED (${vectorRows(asked, numberOf(vectorDepth, settings))})`,
    `text_leg AS MATERIALIZED (${textRows(asked, numberOf(textDepth, settings))})`,
    `vector_values AS MATERIALIZED (SELECT id, ${value} AS value FROM vector_leg)`,
    `text_values AS MATERIALIZED (SELECT id, ${value} AS value FROM text_leg)`,
  ];
  const part = (share: number, values: string): string =>
    `${float8(share)} * coalesce(${values}.value, ${missing(values)})`;
  return withTables(
    legs,
    `SELECT id FROM vector_values FULL JOIN text_values USING (id) ` +
      `ORDER BY ${part(weight, 'vector_values')} + ${part(1 - weight, 'text_values')} DESC, id LIMIT ${question.k}`,
  );
}

function fuseValues(legs: Legs, settings: SearchSettings, { normalise }: Normalisation): readonly Scored[] {
  const weight = numberOf(vectorWeight, settings);
  const valuesOf = (leg: Leg, depth: number): ((id: number) => number) => {
    const rows = leg.ranking.slice(0, depth);
    const { values, missing } = normalise(rows);
    const byId = new Map(rows.map(({ id }, i) => [id, values[i]!]));
    for (const { id } of rows) candidates.add(id);
    return (id) => byId.get(id) ?? missing;
  };
  const candidates = new Set<number>();
  const vector = valuesOf(legs.vector, numberOf(vectorDepth, settings));
  const text = valuesOf(legs.text, numberOf(textDepth, settings));
  return Array.from(candidates, (id) => ({ id, score: weight * vector(id) + (1 - weight) * text(id) })).sort(byScore);
}
