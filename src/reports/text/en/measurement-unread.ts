import type { MeasurementSnapshot } from '../../../audit/index.js';
import type { WhyUnread } from '../../../findings.js';

/** Why a part of the snapshot could not be read. `part` is the name of a setting where a setting is missing. */
export const measurementUnread: { readonly [Why in WhyUnread<MeasurementSnapshot>]: (part: string) => string } = {
  'machine-not-visible': () => "the server's machine cannot be examined from here",
  'no-dev-shm': () => 'this machine has no /dev/shm',
  'no-extension': () => 'this database has no pgvector',
  'no-processor-times': () => 'this operating system does not show what processors are used for',
  'one-connection': () => 'the server refused a second connection',
  'one-session': () => 'this server takes one session at a time',
  'sessions-hidden': () =>
    'the role may not see what other sessions do; the privileges of pg_read_all_stats would allow it',
  'unknown-setting': (part) => `the server has no setting ${part}`,
};
