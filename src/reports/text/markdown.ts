import { printable } from '../../printable.js';

/*
 * Markdown by hand: a few lines, and everything that comes from data or configuration is escaped on the way in.
 */

/**
 * Text that must appear as it is: nothing in it becomes markup, a link or a mention. An underscore inside of a word is
 * none (CommonMark 0.31, § 6.2), and `ef_search` reads better so.
 */
export function escapeText(text: string): string {
  return printable(text)
    .replace(/[\\`*[\]<>!|@~&]|(?<![a-z0-9])_|_(?![a-z0-9])/gi, (character) => `\\${character}`)
    .replace(/\s+/g, ' ');
}

/** Text in a code span, fenced so that no run of backticks in it can end it. */
export function code(text: string): string {
  const flat = printable(text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = longestRun(flat);
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** A fenced block of code, whose fence no line can end. */
export function fencedBlock(language: string, lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** A fenced block of SQL. */
export const sqlBlock = (statements: readonly string[]): string => fencedBlock('sql', statements);

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** A table; cells are Markdown already. Columns whose header ends with `>` are aligned to the right. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(headers.map((header) => header.replace(/>$/, ''))),
    line(headers.map((header) => (header.endsWith('>') ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** A list; empty when there is nothing to list. */
export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
