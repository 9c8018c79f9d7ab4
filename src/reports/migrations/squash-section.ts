import {
  type CatalogDifference,
  type Format,
  isMostlyLeftOut,
  type SquashPlan,
  type StatementFailure,
} from '../../migrations/index.js';
import { code, escapeText, table } from '../text/markdown.js';
import { placeText, sightText, someOf } from './places.js';
import { replaceCommands, type SquashFolders } from './squash-files.js';
import type { MigrationTexts } from './texts.js';

/** How the history and its squashed form were built, and what differs. */
export interface ProofView {
  readonly server: string;
  readonly history: BuiltView;
  readonly squashed: BuiltView;
  readonly objects: number;
  readonly differences: readonly CatalogDifference[] | null;
}

interface BuiltView {
  readonly ms: number;
  readonly statements: number;
  readonly failure: StatementFailure | null;
  readonly leftOut: readonly StatementFailure[];
}

/** Rows of a table that are shown; the JSON has all. */
const SHOWN = 60;

/** The plan, the argument, what a person must look at, the procedure, and the proof. */
export function squashSection(
  plan: SquashPlan,
  format: Format,
  proof: ProofView | null,
  { texts, folders }: { readonly texts: MigrationTexts; readonly folders: SquashFolders },
): string {
  const { squash } = texts;
  const squashed = plan.groups.filter(({ baseline, revisions }) => baseline !== null && revisions.length > 1);
  if (squashed.length === 0) return `## ${squash.plan}\n\n${squash.nothing}`;
  const files = {
    before: plan.groups.reduce((sum, { revisions }) => sum + revisions.length, 0),
    after: plan.groups.length,
  };
  const seconds =
    proof && !proof.history.failure && !proof.squashed.failure
      ? { before: proof.history.ms / 1000, after: proof.squashed.ms / 1000 }
      : null;
  const steps = squash.steps({
    head: plan.groups.at(-1)!.revisions.at(-1)!,
    alembic:
      format === 'alembic'
        ? {
            files: plan.replacedFiles.length,
            commands: replaceCommands(plan, folders),
            parentChanges: plan.parentChanges,
          }
        : null,
    drift: `pgvtune migrations drift ${folders.history} --server env`,
  });
  return [
    `## ${squash.plan}`,
    `${squash.effect(files, { before: plan.statementsBefore, after: plan.statementsAfter })}${plan.kept.length === 0 ? '' : ` ${squash.keptNewer(plan.kept.length)}`}`,
    groups(plan, texts),
    `### ${squash.argument}\n\n- ${squash.forIt(files.before - files.after, seconds)}\n- ${squash.againstIt}`,
    barriers(plan, texts),
    omissions(plan, texts),
    `### ${squash.procedure}\n\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`,
    proofSection(plan, proof, texts),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function groups(plan: SquashPlan, { squash }: MigrationTexts): string {
  const rows = plan.groups.map(({ revisions, baseline, statementsBefore }, index) => [
    String(index + 1),
    revisions.length === 1
      ? code(revisions[0]!)
      : `${code(revisions[0]!)} … ${code(revisions.at(-1)!)} (${revisions.length})`,
    String(statementsBefore),
    baseline === null || revisions.length === 1 ? squash.stays : String(baseline.length),
  ]);
  return table([`${squash.group}>`, squash.revisions, `${squash.statements}>`, squash.becomes], rows);
}

function barriers({ barriers: found }: SquashPlan, { squash, document }: MigrationTexts): string {
  if (found.length === 0) return '';
  const rows = found
    .slice(0, SHOWN)
    .map(({ at, reason, sql }) => [sightText(at), squash.barrier[reason], sql === null ? '' : code(shortened(sql))]);
  const rest = found.length - rows.length;
  return [
    `### ${squash.barriers}\n\n${squash.barriersIntro}`,
    table([document.where, document.why, document.what], rows),
    ...(rest > 0 ? [document.more(rest)] : []),
  ].join('\n\n');
}

const shortened = (sql: string): string => {
  const flat = sql.replaceAll(/\s+/g, ' ');
  return flat.length > 100 ? `${flat.slice(0, 100)}…` : flat;
};

function omissions({ omissions: found }: SquashPlan, { squash, document }: MigrationTexts): string {
  const reasons = [...new Set(found.map(({ reason }) => reason))];
  if (reasons.length === 0) return '';
  const lines = reasons.map((reason) => {
    const own = found.filter((omission) => omission.reason === reason);
    return `- ${squash.omission[reason](own.length)} ${someOf(
      own.map(({ at }) => placeText(at)),
      document.more,
      5,
    )}`;
  });
  return `### ${squash.omissions}\n\n${lines.join('\n')}`;
}

function proofSection(plan: SquashPlan, proof: ProofView | null, { squash, document }: MigrationTexts): string {
  const heading = `### ${squash.proof}`;
  if (proof === null) return `${heading}\n\n${squash.notProved}`;
  const server = escapeText(proof.server);
  for (const what of ['history', 'squashed'] as const) {
    const { failure } = proof[what];
    if (failure) {
      const lacks = failure.lacks ? ` ${squash.lack(failure.lacks)}` : '';
      return `${heading}\n\n${squash.failed(what, placeText(failure.place), failure.sqlstate)}${lacks}`;
    }
  }
  const notRun = plan.barriers.filter(({ reason }) => reason === 'no-sql').length;
  const { leftOut } = proof.history;
  const places = leftOut.map(
    ({ place, sqlstate }) => `${placeText(place)}${sqlstate === null ? '' : ` (${sqlstate})`}`,
  );
  const partly = [
    ...(notRun === 0 ? [] : [squash.partly(notRun)]),
    ...(leftOut.length === 0 ? [] : [squash.leftOut(leftOut.length, someOf(places, document.more, 10))]),
    ...(leftOut[0]?.lacks ? [squash.lack(leftOut[0].lacks)] : []),
  ]
    .map((text) => `\n\n${text}`)
    .join('');
  const differences = proof.differences ?? [];
  if (differences.length === 0) {
    const text = isMostlyLeftOut(proof.history)
      ? squash.hardlyProved(leftOut.length, proof.history.statements, server)
      : squash.proved(proof.objects, server);
    return `${heading}\n\n${text}${partly}`;
  }
  const rows = differences
    .slice(0, SHOWN)
    .map(({ class: of, name, first, second }) => [`${escapeText(of)} ${code(name)}`, cell(first), cell(second)]);
  const rest = differences.length - rows.length;
  return [
    `${heading}\n\n${squash.differ(differences.length, server)}${partly}`,
    table([squash.object, squash.byHistory, squash.bySquash], rows),
    ...(rest > 0 ? [document.more(rest)] : []),
  ].join('\n\n');
}

const cell = (definition: string | null): string => (definition === null ? '–' : code(shortened(definition)));
