export { bm25Ranking, type Occurrence, type WordIndex } from './bm25-ranking.js';
export { hybridQuery, legQuery } from './hybrid-query.js';
export { rerankByScores } from './rerank-by-scores.js';
export { textDepth, vectorDepth } from './knobs.js';
export { type Leg, legOf, type Legs, type Scored } from './leg.js';
export { hybridPlanRule } from './plan-rule.js';
export {
  type Asked,
  type HybridPlace,
  type HybridFilter,
  type HybridQuestion,
  regconfig,
  type Side,
} from './question.js';
export { checkHybridSettings, hybridGucs, hybridProtection, vectorShortfall } from './search-settings.js';
export { hybridStrategies, hybridStrategy } from './strategies/registry.js';
export { type HybridStrategy, type HybridStrategyName, type IndexUse } from './strategies/strategy.js';
export { checkTextSpec, TEXT_CATALOG_SQL, type TextCatalog } from './text-catalog.js';
export { textLeg, textLegs } from './text-legs/registry.js';
export { type TextLeg, type TextLegName, type TextNames } from './text-legs/text-leg.js';
