import type { DatasetKind } from '../../results/index.js';
import { measureBuild } from './build.js';
import { measureChurn } from './churn.js';
import { measureFusions } from './fusions.js';
import { type Handler, oneByOne } from './handler.js';
import { measurePages } from './pages.js';
import { measurePlannerMap } from './planner-map.js';
import { measurePlans } from './plans.js';
import { measurePointsTogether } from './points.js';
import { measureSharded } from './sharded.js';
import { measureThroughput } from './throughput.js';
import { measureWrites } from './writes.js';

/** How each kind of measurement is made on the table of a dataset. */
export const HANDLERS: { readonly [K in DatasetKind]: Handler<K> } = {
  build: oneByOne(measureBuild),
  point: measurePointsTogether,
  throughput: oneByOne(measureThroughput),
  'planner-map': oneByOne(measurePlannerMap),
  plans: oneByOne(measurePlans),
  fusions: oneByOne(measureFusions),
  writes: oneByOne(measureWrites),
  churn: oneByOne(measureChurn),
  pages: oneByOne(measurePages),
  sharded: oneByOne(measureSharded),
};
