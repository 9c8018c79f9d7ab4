import { printableOnTerminal } from './printable.js';

const MASK = '***';

/** Where a password can occur in text that somebody else wrote. Each pattern keeps `$1` and masks the rest. */
const PATTERNS: readonly RegExp[] = [
  // postgres://user:password@host — up to the last @, for passwords that hold one unescaped, or a
  // few spaces. As a path it has one slash.
  /([a-z][a-z0-9+.-]*:\/\/?[^\s:@/]*:)\S+(?: \S+){0,3}?(?=@)/gi,
  // password=secret, password='se cret', PGPASSWORD="…", "password": "…", ?sslpassword=…&, pwd=…
  /((?:(?:ssl|pg)?pass(?:word|wd|phrase)?|\bpwd)["']?\s*[=:]\s*)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&,;'"]+)/gi,
  // user:password@host without a scheme
  /((?<![^\s"'`(=,])[^\s:@/"'`(=,]+:)(?!\/)[^\s@]+(?=@[^\s@])/g,
];

const PASSWORD_KEY = /^(?:(?:ssl|pg)?pass(?:word|wd|phrase)?|pwd)$/i;

/**
 * Masks passwords: in URLs, in `key=value` and JSON text, and wherever one of `secrets` occurs as it is,
 * percent-encoded, in base64 or escaped for JSON.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) result = result.replaceAll(spelling, MASK);
  }
  for (const pattern of PATTERNS) result = result.replace(pattern, `$1${MASK}`);
  return result;
}

/**
 * As {@link redact}, for what is printed. One JSON document stays one, because only its texts are looked at; anything else
 * is made {@link printableOnTerminal}, too.
 *
 * @param text all that is printed at once
 */
export function redactPrinted(text: string, secrets: readonly string[]): string {
  const document = /^\s*[[{]/.test(text) ? parsed(text) : undefined;
  if (document === undefined) return printableOnTerminal(redact(text, secrets));
  const redacted = redactMembers(document, secrets);
  // As it was written, unless there was something to mask.
  return JSON.stringify(redacted) === JSON.stringify(document) ? text : `${JSON.stringify(redacted, null, 2)}\n`;
}

function redactMembers(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactMembers(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      redact(key, secrets),
      PASSWORD_KEY.test(key) && typeof member === 'string' ? MASK : redactMembers(member, secrets),
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Shorter ones would mask parts of ordinary words, and protect little. */
const SHORTEST_SECRET = 4;

/**
 * Passwords in a text that may name a server, as far as anybody can see: what is between the first colon after the
 * scheme and the last @, and the values of keys such as `password`. One that occurs elsewhere in the text as well, as in
 * `postgres://postgres:postgres@db`, would mask ordinary words, and is left out.
 */
export function secretsIn(text: string): readonly string[] {
  const found: string[] = [];
  const rest = text
    .replace(/^((?:[^@]*?:\/\/)?[^:@/\s]*:)(.+)@/s, (_, before: string, password: string) => {
      found.push(password);
      return `${before}@`;
    })
    .replace(
      /((?:pass(?:word|wd|phrase)?|\bpwd)["']?\s*[=:]\s*)(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s&,;'"]+))/gi,
      (_, before: string, ...values: (string | undefined)[]) => {
        found.push(values.slice(0, 3).find((value) => value !== undefined) ?? '');
        return before;
      },
    );
  return found.flatMap((secret) => [secret, decoded(secret)]).filter((secret) => isWorthMasking(secret, rest));
}

/** Whether masking a secret hides it and not ordinary words. */
export const isWorthMasking = (secret: string, rest: string): boolean =>
  secret.length >= SHORTEST_SECRET && !rest.includes(secret);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  const formEncoded = new URLSearchParams({ s: secret }).toString().slice(2);
  const escaped = JSON.stringify(secret).slice(1, -1);
  // Longest first: the plain spelling may be a part of an encoded one.
  return [
    ...new Set([
      secret,
      encoded(secret, encodeURI),
      encoded(secret, encodeURIComponent),
      formEncoded,
      base64(secret),
      escaped,
    ]),
  ].sort((a, b) => b.length - a.length);
}

/** A lone surrogate cannot be encoded. */
function encoded(secret: string, encode: (text: string) => string): string {
  try {
    return encode(secret);
  } catch {
    return secret;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
