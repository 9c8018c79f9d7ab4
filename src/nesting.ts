/** Deeper than anything that people write; what walks a value by recursion gets lost beyond some thousands of levels. */
export const MOST_LEVELS = 100;

/**
 * Whether brackets and braces in a text in JSON or YAML are nested deeper than {@link MOST_LEVELS}. Quoted ones do not
 * count. Takes the time of a look where there are few of them.
 */
export function isTooDeep(text: string): boolean {
  if (!hasMoreThan(text, MOST_LEVELS)) return false;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > MOST_LEVELS) return true;
  }
  return false;
}

/** Whether there are more opening brackets and braces than that. */
function hasMoreThan(text: string, most: number): boolean {
  let found = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++found > most) return true;
    }
  }
  return false;
}
