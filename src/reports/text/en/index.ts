import { measurementChecks } from './measurement-checks.js';
import { measurementUnread } from './measurement-unread.js';

/** All that is said in English. */
export const en = { measurementChecks, measurementUnread };
