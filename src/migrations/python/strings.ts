/** A literal taken apart: its prefix in lower case, and the text between its quotes as it is written. */
export function literalParts(source: string): {
  readonly prefix: string;
  readonly body: string;
  readonly offset: number;
} {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)('''|"""|'|")/.exec(source) ?? [];
  const offset = prefix.length + quote.length;
  const end =
    source.endsWith(quote) && source.length >= offset + quote.length ? source.length - quote.length : source.length;
  return { prefix: prefix.toLowerCase(), body: source.slice(offset, end), offset };
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/** Resolves the escapes of a string literal (Python language reference, 2.4.1); a raw one has none. */
export function unescape(body: string, isRaw: boolean): string {
  if (isRaw || !body.includes('\\')) return body;
  return body.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|([\s\S]))/gi,
    (whole, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return fromCodePoint(Number.parseInt(octal, 8));
      return SIMPLE[other ?? ''] ?? whole;
    },
  );
}

const fromCodePoint = (point: number): string => (point > 0x10_ff_ff ? '\u{fffd}' : String.fromCodePoint(point));
