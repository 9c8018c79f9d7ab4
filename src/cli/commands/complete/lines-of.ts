/* oxlint-disable no-console -- the library of completion prints by it */

/** What is printed by `console.log`. */
export function linesOf(print: () => void): readonly string[] {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: unknown) => void lines.push(String(line));
  try {
    print();
  } finally {
    console.log = log;
  }
  return lines;
}
