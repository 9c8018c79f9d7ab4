import { findings, type RecordedFinding, type PlanCache } from '../../results/index.js';

/** What a reader must know of how prepared statements are planned. */
export const planCacheFindings = ({ mode, generic, custom }: PlanCache): readonly RecordedFinding[] => [
  ...(mode === 'auto' ? [] : [findings.planCacheMode.of({ mode })]),
  ...(generic === custom ? [] : [findings.genericPlanDiffers.of({ generic, custom })]),
];
