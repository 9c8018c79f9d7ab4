const REPLACEMENT = '\u{fffd}';

/**
 * Characters that a terminal, a renderer of Markdown or a parser of XML obeys instead of showing them: controls (but tab
 * and newline), marks that turn the direction of writing (CVE-2021-42574, "Trojan Source"), separators of lines and
 * paragraphs, halves of surrogate pairs, and what is no character.
 */
const UNPRINTABLE = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;

/** Text that came from a file or a server, made safe to show wherever it is shown. */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, REPLACEMENT);

/** As {@link printable}, for what has to stay on its line: the name of a file or a table may hold a newline. */
export const printableLine = (text: string): string => printable(text.replaceAll(/[\t\n\v\f\r]+/g, ' '));

/** What this program itself writes to a terminal: colours, and the moves of a progress bar. */
// oxlint-disable-next-line no-control-regex
const OWN_SEQUENCES = /(\u001b\[[?\d;]*[A-Za-z]|\r)/;

/** As {@link printable}, for what goes to a terminal and may hold sequences of our own. */
export const printableOnTerminal = (text: string): string =>
  text
    .split(OWN_SEQUENCES)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
