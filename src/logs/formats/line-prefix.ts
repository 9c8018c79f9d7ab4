/** What an escape of `log_line_prefix` stands for, as a pattern; those that nobody asks for have no name. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '(?<application>.{0,64}?)',
  u: '.{0,64}?',
  d: '(?<database>.{0,64}?)',
  r: String.raw`(?:\S*?(?:\(\d+\))?)`,
  h: String.raw`\S*?`,
  L: String.raw`\S*?`,
  b: '.{0,64}?',
  p: String.raw`(?<pid>\d+)`,
  P: String.raw`\d*`,
  t: String.raw`(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [\w+:-]+)`,
  m: String.raw`(?<milliseconds>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [\w+:-]+)`,
  n: String.raw`(?<epoch>\d+\.\d+)`,
  i: '.{0,64}?',
  e: String.raw`\w{5}`,
  c: String.raw`(?<session>[\da-f]+\.[\da-f]+)`,
  l: String.raw`\d+`,
  s: String.raw`(?<started>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [\w+:-]+)`,
  v: String.raw`(?<transaction>\d*(?:/\d+)?)`,
  x: String.raw`\d+`,
  Q: String.raw`-?\d+`,
};

/** `LOG:  `, in the language of the server. */
const SEVERITY = String.raw`(?<severity>\p{L}[\p{L} ]*): {1,2}`;

/**
 * A pattern for the first line of an entry that `log_line_prefix` was put before. Its groups are the parts of an entry, and
 * `message`.
 *
 * Source: PostgreSQL's manual, Error Reporting and Logging; `log_status_format` in src/backend/utils/error/elog.c.
 */
export function linePattern(prefix: string): RegExp {
  let pattern = '';
  let isOptional = false;
  const named = new Set<string>();
  for (const [all, escape, literal] of prefix.matchAll(/%-?\d*([a-zA-Z%])|([^])/gu)) {
    if (literal !== undefined) pattern += escaped(literal);
    else if (escape === '%') pattern += '%';
    else if (escape === 'q' && !isOptional) {
      // Processes without a session stop here.
      isOptional = true;
      pattern += '(?:';
    } else if (escape !== undefined && ESCAPES[escape] !== undefined) {
      const own = named.has(escape) ? ESCAPES[escape].replace(/\?<\w+>/, '?:') : ESCAPES[escape];
      named.add(escape);
      pattern += /\d/.test(all) ? ` *${own} *` : own;
    }
  }
  return new RegExp(`^${pattern}${isOptional ? ')?' : ''}${SEVERITY}(?<message>.*)$`, 'su');
}

const escaped = (character: string): string =>
  /[\p{L}\p{N}]/u.test(character) ? character : String.raw`\u{${character.codePointAt(0)!.toString(16)}}`;
