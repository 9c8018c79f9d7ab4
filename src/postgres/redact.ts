const MASK = '***';

/** Where a password can stand in text that somebody else wrote. Each pattern keeps `$1` and masks the rest. */
const PATTERNS: readonly RegExp[] = [
  // postgres://user:password@host — up to the last @, for passwords that hold one unescaped.
  /([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)\S+(?=@)/gi,
  // password=secret, password='se cret', PGPASSWORD="…", "password": "…", ?sslpassword=…&
  /((?:ssl|pg)?pass(?:word|wd|phrase)?["']?\s*[=:]\s*)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&,;'"]+)/gi,
];

/**
 * Masks passwords: in URLs, in `key=value` and JSON text, and wherever one of `secrets` stands as it is,
 * percent-encoded or in base64.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) result = result.replaceAll(spelling, MASK);
  }
  for (const pattern of PATTERNS) result = result.replace(pattern, `$1${MASK}`);
  return result;
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  const formEncoded = new URLSearchParams({ s: secret }).toString().slice(2);
  // Longest first: the plain spelling may be a part of an encoded one.
  return [...new Set([secret, encodeURI(secret), encodeURIComponent(secret), formEncoded, base64(secret)])].sort(
    (a, b) => b.length - a.length,
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
