/** What a statement needs that a scratch database does not have. */
export interface Lack {
  readonly kind: 'relation' | 'schema' | 'object' | 'function' | 'column' | 'extension' | 'syntax' | 'privilege';
  /** As the server names it; null where it does not. */
  readonly name: string | null;
}

/** By SQLSTATE. */
const KINDS: Readonly<Record<string, Lack['kind']>> = {
  '42P01': 'relation',
  '3F000': 'schema',
  '42704': 'object',
  '42883': 'function',
  '42703': 'column',
  '42601': 'syntax',
  '42501': 'privilege',
  '58P01': 'extension',
  '0A000': 'extension',
};

/** @param message the server's own, in any language: names stand in quotes */
export function lackOf(sqlstate: string | null, message: string): Lack | null {
  const kind = KINDS[sqlstate ?? ''];
  if (kind === undefined || (sqlstate === '0A000' && !message.includes('extension'))) return null;
  const [, quoted] = /["«„“]\s*([^"»“”]+?)\s*["»“”]/.exec(message) ?? [];
  const [, called] = /([\w.]+\([^)]*\))/.exec(message) ?? [];
  return { kind, name: (kind === 'function' ? called : quoted) ?? null };
}
