import type { DocumentLanguage } from '../../languages.js';
import type { ScriptOutcome } from '../../migrations/index.js';
import { code, escapeText, table } from '../text/markdown.js';
import { migrationTexts } from './languages.js';
import { placeText } from './places.js';
import type { MigrationTexts } from './texts.js';

/** How long every migration took on an empty database. */
export interface TimesView {
  readonly server: string;
  readonly up: readonly ScriptOutcome[];
  readonly down: readonly ScriptOutcome[];
  readonly upAgain: readonly ScriptOutcome[];
}

/** Migrations that are listed. */
const SLOWEST = 10;

const sum = (outcomes: readonly ScriptOutcome[]): number => outcomes.reduce((total, { ms }) => total + ms, 0);
const failureOf = (outcomes: readonly ScriptOutcome[]) =>
  outcomes.find(({ failure }) => failure !== null)?.failure ?? null;

/** Where the time of a history goes, and whether it runs down and up again. */
export function timeSection({ server, up, down, upAgain }: TimesView, { squash, document }: MigrationTexts): string {
  const failure = failureOf(up);
  if (failure) return `## ${squash.times}\n\n${squash.failed('history', placeText(failure.place), failure.sqlstate)}`;
  const total = sum(up);
  const rows = up
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ revision, ms }) => [code(revision), ms.toFixed(0), `${((ms / total) * 100).toFixed(0)} %`]);
  return [
    `## ${squash.times}`,
    squash.timesText({ revisions: up.length, seconds: total / 1000, server: escapeText(server) }),
    `${squash.slowest}:\n\n${table([document.revisions, 'ms>', `${squash.share}>`], rows)}`,
    waysText({ down, upAgain }, squash),
  ].join('\n\n');
}

/** Whether a history that runs up runs down and up again, as plain text. */
export const wayBackText = (times: TimesView, language: DocumentLanguage): string =>
  waysText(times, migrationTexts(language).squash).replaceAll('`', '');

function waysText({ down, upAgain }: Pick<TimesView, 'down' | 'upAgain'>, squash: MigrationTexts['squash']): string {
  const [back, again] = [failureOf(down), failureOf(upAgain)];
  return squash.upDownUp({
    down: down.length === 0 ? 'missing' : back ? 'failed' : 'ran',
    again: upAgain.length === 0 ? 'not-run' : again ? 'failed' : 'ran',
    place: back ? placeText(back.place) : again ? placeText(again.place) : '',
  });
}
