import { baselines } from './baselines.js';
import { bindings, defaultIndexes, growths, representations, strandedQueries, verdicts } from './advice.js';
import { confidencePrices } from './confidence-price.js';
import { filterObstacles, filterShortfalls } from './filter-obstacles.js';
import { filteredStrategies } from './filtered-strategies.js';
import { findings } from './findings.js';
import { grounds } from './grounds.js';
import { knownDefects } from './known-defects.js';
import { hybrid } from './hybrid.js';
import { measurementChecks } from './measurement-checks.js';
import { measurementUnread } from './measurement-unread.js';
import { omissions } from './omissions.js';
import { notes, places, stages } from './progress.js';
import { reasons } from './reasons.js';
import { recallFindings } from './recall-findings.js';
import { searchObstacles } from './search-obstacles.js';
import { bounds, goals, needs, unmet } from './target.js';
import { waysOut } from './ways-out.js';
import { whyNot } from './why-not.js';

/** All that is said in English. */
export const en = {
  baselines,
  bindings,
  bounds,
  confidencePrices,
  defaultIndexes,
  filterObstacles,
  filterShortfalls,
  filteredStrategies,
  findings,
  goals,
  grounds,
  growths,
  hybrid,
  knownDefects,
  measurementChecks,
  measurementUnread,
  needs,
  notes,
  omissions,
  places,
  reasons,
  recallFindings,
  representations,
  searchObstacles,
  stages,
  strandedQueries,
  unmet,
  verdicts,
  waysOut,
  whyNot,
};
