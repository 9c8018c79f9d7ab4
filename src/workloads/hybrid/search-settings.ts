import { noQueries } from '../../query-set.js';
import { gucs, indexKind } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { candidatesOf } from '../rerank.js';
import { PgvtuneError } from '../../errors.js';
import { choiceOf, numberOf, type QueryKnob } from '../knob.js';
import { vectorDepth } from './knobs.js';
import { protectionGucs } from '../filtered/index.js';
import type { HybridQuestion } from './question.js';
import { hybridStrategies } from './strategies/registry.js';
import type { HybridStrategy } from './strategies/strategy.js';
import { textLeg } from './text-legs/registry.js';

/**
 * The session settings of a hybrid point, by their full names and as they read back: what is left of its settings when
 * the knobs of the statement are taken out.
 *
 * `plan_cache_mode` is pinned: left to itself, PostgreSQL goes over to a generic plan after five executions, in which the
 * text of the query is no constant; it is then parsed again for every row that is ranked.
 *
 * @throws {PgvtuneError} `usage` for a setting that neither the strategy nor the index has, or a value out of range
 */
export function hybridGucs(
  strategy: HybridStrategy,
  question: HybridQuestion,
  spec: IndexSpec,
  settings: SearchSettings,
  { isProtected = false }: { readonly isProtected?: boolean } = {},
): Record<string, string> {
  const protection = isProtected ? hybridProtection(strategy, question, spec, settings) : null;
  const own = new Set(strategy.knobs(question, spec).map(({ name }) => name));
  const search = Object.fromEntries(Object.entries(settings).filter(([name]) => !own.has(name)));
  return { plan_cache_mode: 'force_custom_plan', ...gucs(spec.method, search), ...protectionGucs({ protection }) };
}

/**
 * How a strategy is kept from indexes of other workloads. `order`: it sorts by an expression that no index is built on.
 * `enable_sort`: an exact plan is made unattractive by that setting, so that its own index stays. Null: no index serves it,
 * whichever there are.
 */
export function hybridProtection(
  { sides, indexes }: HybridStrategy,
  question: HybridQuestion,
  spec: IndexSpec,
  settings: SearchSettings,
): 'order' | 'enable_sort' | null {
  const use = indexes(question, settings).vector;
  if (!sides.includes('vector') || use === 'unusable') return null;
  return use === 'required' && spec.method !== 'none' ? 'enable_sort' : 'order';
}

/**
 * Refuses settings that no statement has, whatever the strategy.
 *
 * @param methods ways to search the text
 * @throws {PgvtuneError} `usage` for an unknown name, or a value out of range
 */
export function checkHybridSettings(settings: SearchSettings, methods: readonly string[]): void {
  const knobs = new Map(
    [...hybridStrategies.flatMap(ownKnobs), ...methods.flatMap((method) => textLeg(method).knobs)].map(
      (knob) => [knob.name, knob] as const,
    ),
  );
  for (const name of Object.keys(settings)) {
    const knob = knobs.get(name);
    if (!knob) {
      throw new PgvtuneError('usage', `Expected a setting of hybrid statements, got "${name}".`, {
        hint: `They have: ${[...knobs.keys()].sort().join(', ')}.`,
      });
    }
    if (knob.kind === 'number') numberOf(knob, settings);
    else choiceOf(knob, settings);
  }
}

/** Those that do not depend on the question. */
const ownKnobs = (strategy: HybridStrategy): readonly QueryKnob[] => {
  const text = { method: 'tsvector', language: 'simple' };
  const question: HybridQuestion = { k: 1, metric: 'l2', queries: noQueries(1), texts: [], text, filter: null };
  const ofText = new Set(textLeg(text.method).knobs.map(({ name }) => name));
  return strategy
    .knobs(question, { method: 'none', representation: 'vector', parameters: {} })
    .filter(({ name }) => !ofText.has(name));
};

/** Candidates that are asked of a vector leg, and how many its index gives at most. */
export interface Shortfall {
  readonly asked: number;
  readonly most: number;
}

/** What the vector leg lacks of the candidates that are asked of it; null: nothing. The statement runs all the same. */
export function vectorShortfall(
  strategy: HybridStrategy,
  question: HybridQuestion,
  spec: IndexSpec,
  settings: SearchSettings,
): Shortfall | null {
  const kind = indexKind(spec.method);
  const isOwn = (name: string): boolean => strategy.knobs(question, spec).some((knob) => knob.name === name);
  const rows = isOwn(vectorDepth.name) ? numberOf(vectorDepth, settings) : question.k;
  const asked = candidatesOf(spec, rows, settings) ?? rows;
  const search = Object.fromEntries(Object.entries(settings).filter(([name]) => !isOwn(name)));
  const most = kind.mostRows(search);
  if (!strategy.sides.includes('vector') || strategy.indexes(question, settings).vector !== 'required') return null;
  return asked > most ? { asked, most } : null;
}
