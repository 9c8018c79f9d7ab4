import { type DatabaseSnapshot, serverState } from '../../audit/index.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { textOf } from '../text/catalogue.js';
import { escapeText, table } from '../text/markdown.js';

/** Configuration, cache, locks and the rest in figures, also where nothing is wrong with them. */
export function serverStateSection(facts: DatabaseSnapshot, frame: AuditFrame): string[] {
  const { words } = frame;
  const { since, states } = serverState(facts);
  return [
    `## ${words.state}`,
    escapeText(frame.stateSince(since)),
    table(
      [words.subject, words.figures],
      states.map((state) => [words.subjects[state.code], escapeText(textOf(frame.state, state))]),
    ),
  ];
}
