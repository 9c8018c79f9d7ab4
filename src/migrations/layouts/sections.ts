/**
 * The part of a file between a line that opens it and the next line that opens another one.
 *
 * @returns null for a file without the opening line; `head` is that line, `linesBefore` counts the lines up to it
 */
export function between(
  text: string,
  open: RegExp,
  close: RegExp,
): { readonly text: string; readonly linesBefore: number; readonly head: string } | null {
  const start = open.exec(text);
  if (!start) return null;
  const from = start.index + start[0].length;
  const rest = text.slice(from);
  const end = close.exec(rest);
  return {
    text: end ? rest.slice(0, end.index) : rest,
    linesBefore: text.slice(0, from).split('\n').length - 1,
    head: start[0],
  };
}
