import type { RunView } from '../run-view.js';
import { adviceSection } from './advice.js';
import { alternativesSection } from './alternatives.js';
import { applySection } from './apply-it.js';
import { budgetSection } from './budget.js';
import { buildVarianceSection } from './build-variance.js';
import { buildsSection } from './builds.js';
import { coldSection } from './cold.js';
import { configurationSection } from './configuration.js';
import { controlSection } from './control.js';
import { type Costs, costSection } from './cost.js';
import { decisionSection } from './decision.js';
import { evidenceSection } from './evidence.js';
import { filteredSection } from './filtered.js';
import { hybridSection } from './hybrid.js';
import { knownDefectsSection } from './known-defects.js';
import { latencySection } from './latency.js';
import { limitationsSection } from './limitations.js';
import { methodSection } from './method.js';
import { nearestSection } from './nearest.js';
import { plannerSection } from './planner.js';
import { recallEffortSection } from './recall-effort.js';
import { recallLatencySection } from './recall-latency.js';
import { recallLevelsSection } from './recall-levels.js';
import { rejectedSection } from './rejected.js';
import { shardsSection } from './shards.js';
import { subsetChoiceSection } from './subset-choice.js';
import { throughputSection } from './throughput.js';
import { writesSection } from './writes.js';

/** A section of the report with its heading, as Markdown; empty where the run has nothing for it. */
export type Section = (run: RunView, costs: Costs) => string;

/** The report's sections, in order. */
export const SECTIONS: readonly Section[] = [
  decisionSection,
  controlSection,
  configurationSection,
  applySection,
  evidenceSection,
  nearestSection,
  subsetChoiceSection,
  adviceSection,
  recallEffortSection,
  recallLatencySection,
  recallLevelsSection,
  alternativesSection,
  filteredSection,
  hybridSection,
  shardsSection,
  plannerSection,
  latencySection,
  coldSection,
  throughputSection,
  costSection,
  buildsSection,
  buildVarianceSection,
  writesSection,
  rejectedSection,
  budgetSection,
  knownDefectsSection,
  limitationsSection,
  methodSection,
];
