import { filterObstacles, filterShortfalls } from './filter-obstacles.js';
import { findings } from './findings.js';
import { measurementChecks } from './measurement-checks.js';
import { measurementUnread } from './measurement-unread.js';
import { reasons } from './reasons.js';
import { recallFindings } from './recall-findings.js';

/** All that is said in English. */
export const en = {
  filterObstacles,
  filterShortfalls,
  findings,
  measurementChecks,
  measurementUnread,
  reasons,
  recallFindings,
};
