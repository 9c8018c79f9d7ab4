import type { DocumentLanguage } from '../../languages.js';
import type { ScriptOutcome } from '../../migrations/index.js';
import { code, escapeText, table } from '../text/markdown.js';
import { migrationTexts } from './languages.js';
import { placeText } from './places.js';
import type { FailedWay, WayBackFacts } from './squash-texts.js';
import type { MigrationTexts } from './texts.js';

/** How long every migration took on an empty database. */
export interface TimesView {
  readonly server: string;
  readonly up: readonly ScriptOutcome[];
  readonly back: readonly WayBackView[];
}

interface WayBackView {
  readonly revision: string;
  /** Null where it has no way down. */
  readonly down: ScriptOutcome | null;
  readonly upAgain: ScriptOutcome | null;
}

/** Migrations that are listed. */
const SLOWEST = 10;

const sum = (outcomes: readonly ScriptOutcome[]): number => outcomes.reduce((total, { ms }) => total + ms, 0);

/** Where the time of a history goes, and whether it runs down and up again. */
export function timeSection({ server, up, back }: TimesView, { squash, document }: MigrationTexts): string {
  const failure = up.find((outcome) => outcome.failure !== null)?.failure;
  if (failure) return `## ${squash.times}\n\n${squash.failed('history', placeText(failure.place), failure.sqlstate)}`;
  const slowest = (outcomes: readonly ScriptOutcome[]): string => {
    const total = sum(outcomes);
    const rows = outcomes
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST)
      .map(({ revision, ms }) => [code(revision), ms.toFixed(0), `${((ms / total) * 100).toFixed(0)} %`]);
    return table([document.revisions, 'ms>', `${squash.share}>`], rows);
  };
  const downs = back.flatMap(({ down }) => (down && !down.failure ? [down] : []));
  const ways = squash.wayBack(wayBackFacts(back));
  return [
    `## ${squash.times}`,
    squash.timesText({ revisions: up.length, seconds: sum(up) / 1000, server: escapeText(server) }),
    `${squash.slowest}:\n\n${slowest(up)}`,
    ...(downs.length === 0
      ? []
      : [`${squash.slowestDown({ revisions: downs.length, seconds: sum(downs) / 1000 })}:\n\n${slowest(downs)}`]),
    ways.length === 1 ? ways[0]! : ways.map((text) => `- ${text}`).join('\n'),
  ].join('\n\n');
}

/** Whether a history that runs up runs down and up again, as plain text. */
export const wayBackText = ({ back }: TimesView, language: DocumentLanguage): string =>
  migrationTexts(language).squash.wayBack(wayBackFacts(back)).join(' ').replaceAll('`', '');

function wayBackFacts(back: readonly WayBackView[]): WayBackFacts {
  const failed: FailedWay[] = [];
  for (const { revision, down, upAgain } of back) {
    const failure = down?.failure ?? upAgain?.failure;
    if (failure) failed.push({ revision, way: down?.failure ? 'down' : 'up-again', ...failure });
  }
  const isUnknown = (outcome: ScriptOutcome | null): boolean =>
    outcome !== null && (outcome.isPartial || outcome.leftOut.length > 0);
  const named = (those: (way: WayBackView) => boolean): readonly string[] =>
    back.filter(those).map(({ revision }) => revision);
  const hasRun = ({ down, upAgain }: WayBackView): boolean => !down?.failure && upAgain?.failure === null;
  const isPartly = ({ down, upAgain }: WayBackView): boolean => isUnknown(down) || isUnknown(upAgain);
  return {
    revisions: back.length,
    ran: named((way) => hasRun(way) && !isPartly(way)).length,
    failed,
    without: named(({ down }) => down === null),
    unknown: named((way) => hasRun(way) && isPartly(way)),
  };
}
