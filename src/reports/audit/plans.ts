import {
  type DatabaseSnapshot,
  planCauses,
  sharesOf,
  type Statement,
  type StatementPlan,
  type WorkloadPlans,
} from '../../audit/index.js';
import { isUnread } from '../../findings.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { textOf } from '../text/catalogue.js';
import { escapeText, fencedBlock, list, sqlBlock } from '../text/markdown.js';

const MOST_PLANS = 10;

/** The plans of the statements that took most time: what makes them expensive, and what to write instead. */
export function planSections(facts: DatabaseSnapshot, frame: AuditFrame): string[] {
  const { workload, statements } = facts;
  if (isUnread(workload) || isUnread(statements) || workload.plans.length === 0) return [];
  const share = sharesOf(statements.statements);
  return [
    `## ${frame.words.plans}`,
    frame.planned(workload),
    ...workload.plans.slice(0, MOST_PLANS).flatMap((plan) => {
      const statement = statements.statements.find(({ id, role }) => id === plan.id && role === plan.role);
      if (!statement) return [];
      const heading = `### ${plan.id}: ${frame.figures.percent(share(statement))}, ${frame.cost(plan.totalCost)}`;
      return [heading, ...planSection(plan, statement, workload, facts, frame)];
    }),
  ];
}

function planSection(
  plan: StatementPlan,
  { query, shape }: Statement,
  workload: WorkloadPlans,
  facts: DatabaseSnapshot,
  frame: AuditFrame,
): string[] {
  const { rewrite } = plan;
  const causes = planCauses(plan, shape, workload, facts).map((cause) => escapeText(textOf(frame.planCauses, cause)));
  return [
    sqlBlock([query]),
    ...(plan.part === 'all' ? [] : [frame.words.planned[plan.part]]),
    fencedBlock('', plan.lines),
    ...(causes.length === 0 ? [] : [list(causes)]),
    ...(rewrite === null
      ? []
      : [
          ...(rewrite.change === null ? [] : [escapeText(textOf(frame.changes, rewrite.change))]),
          `${frame.words.rewrite} (${frame.saving(rewrite)}):${rewrite.sameRows ? '' : ` ${frame.words.otherRows}`}`,
          sqlBlock([
            ...Object.entries(rewrite.settings).map(([name, value]) => `SET LOCAL ${name} = '${value}';`),
            rewrite.sql,
          ]),
        ]),
  ];
}
