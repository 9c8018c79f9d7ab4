import { defectsOf } from '../../../indexes/index.js';
import { escapeText, list } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';

/** What is known to be wrong with the server's version of pgvector; empty when nothing is. */
export function knownDefectsSection({ manifest: { server }, texts }: RunView): string {
  const defects = defectsOf(server.pgvector);
  if (defects.length === 0) return '';
  return [
    `## ${texts.sections.defects.heading(escapeText(server.pgvector))}`,
    texts.sections.defects.intro,
    list(defects.map(({ code, fixedIn }) => escapeText(sentence(texts.knownDefects[code](fixedIn))))),
  ].join('\n\n');
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
