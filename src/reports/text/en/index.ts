import { measurementChecks } from './measurement-checks.js';
import { measurementUnread } from './measurement-unread.js';
import { notes, places, stages } from './progress.js';
import { recallFindings } from './recall-findings.js';
import { run } from './run.js';
import { searchObstacles } from './search-obstacles.js';

/** All that is said in English. */
export const en = {
  ...run,
  measurementChecks,
  measurementUnread,
  notes,
  places,
  recallFindings,
  searchObstacles,
  stages,
};
