import type { MonitorView, SeenServer } from '../../monitoring/index.js';
import { type Metric, textOfMetrics } from '../exports/text-format.js';
import { metricsOfBuilds } from './builds.js';
import { metricsOfProbes } from './recall-probes.js';
import { metricsOfServer } from './server.js';
import { metricsOfStatements } from './statements.js';
import { metricsOfTables } from './tables.js';
import { metricsOfVectorIndexes } from './vector-indexes.js';
import { metricsOfWatching } from './watching.js';

/*
 * What Prometheus gets to see of a watched server, in base units. Series of objects are bounded: what has no name of its
 * own is summed up under `other`.
 */

/** Of one label: it is stored with every series. */
const MOST_CHARACTERS = 120;

/**
 * The text of the page `/metrics`.
 *
 * @param redacted masks passwords in the value of a label
 */
export const monitorText = (view: MonitorView, redacted: (text: string) => string): Promise<string> =>
  textOfMetrics(
    [...metricsOfWatching(view), ...metricsOfProbes(view.probes), ...(view.seen === null ? [] : ofSeen(view.seen))],
    // Masked first: half a password is not known again.
    (value) => redacted(value).slice(0, MOST_CHARACTERS),
  );

const ofSeen = (seen: SeenServer): readonly Metric[] => [
  ...metricsOfServer(seen),
  ...metricsOfTables(seen),
  ...metricsOfStatements(seen),
  ...metricsOfVectorIndexes(seen),
  ...metricsOfBuilds(seen),
];
