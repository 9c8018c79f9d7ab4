import type { RunTexts } from '../run-texts.js';
import { bindings, defaultIndexes, growths, representations, strandedQueries, verdicts } from './advice.js';
import { baselines } from './baselines.js';
import { confidencePrices } from './confidence-price.js';
import { figures } from './figures.js';
import { filteredStrategies } from './filtered-strategies.js';
import { filterObstacles, filterShortfalls } from './filter-obstacles.js';
import { findings } from './findings.js';
import { grounds } from './grounds.js';
import { hybrid } from './hybrid.js';
import { knownDefects } from './known-defects.js';
import { names } from './names.js';
import { omissions } from './omissions.js';
import { reasons } from './reasons.js';
import { sections } from './sections/index.js';
import { bounds, needs, unmet } from './target.js';
import { waysOut } from './ways-out.js';
import { whyNot } from './why-not.js';

/** All that the reports of a run say in Russian. */
export const run: RunTexts = {
  baselines,
  bindings,
  bounds,
  confidencePrices,
  defaultIndexes,
  figures,
  filterObstacles,
  filterShortfalls,
  filteredStrategies,
  findings,
  grounds,
  growths,
  hybrid,
  knownDefects,
  names,
  needs,
  omissions,
  reasons,
  representations,
  sections,
  strandedQueries,
  unmet,
  verdicts,
  waysOut,
  whyNot,
};
