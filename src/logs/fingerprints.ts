import { fingerprintOf, type NormalizedStatement, withoutConstants } from '../statements/index.js';

const MOST_TEMPLATES = 20_000;
/** Longer ones are rows to insert, and take long to parse. */
const MAX_CHARACTERS = 1024 * 1024;

export interface Fingerprinted extends NormalizedStatement {
  readonly fingerprint: string;
}

/** Utility statements are `other`; null is a text that the grammar refuses. */
export type FingerprintResult = Fingerprinted | 'other' | null;

/**
 * Reads statements. Those with one template (the text with its constants blanked) are parsed once; templates are only compared, and
 * never shown.
 */
export function fingerprints(): (text: string) => FingerprintResult {
  const byTemplate = new Map<string, FingerprintResult>();
  const byFingerprint = new Map<string, Fingerprinted | 'other'>();
  const read = (text: string): FingerprintResult => {
    const fingerprint = text.length > MAX_CHARACTERS ? null : fingerprintOf(text);
    if (fingerprint === null) return null;
    const known = byFingerprint.get(fingerprint);
    if (known) return known;
    const normalized = withoutConstants(text);
    const result = normalized ? { ...normalized, fingerprint } : 'other';
    keep(byFingerprint, fingerprint, result);
    return result;
  };
  return (text) => {
    if (NO_TEMPLATE.test(text)) return read(text);
    const template = templateOf(text);
    const known = byTemplate.get(template);
    if (known !== undefined) return known;
    const result = read(text);
    keep(byTemplate, template, result);
    return result;
  };
}

function keep<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size >= MOST_TEMPLATES) cache.delete(cache.keys().next().value!);
  cache.set(key, value);
}

/** Where a quotation mark may be no end of a constant: after a backslash, in a comment, between dollars. */
const NO_TEMPLATE = /\\|--|\/\*|\$(?:[^\W\d]\w*)?\$/;

const templateOf = (text: string): string =>
  text
    // Names in quotation marks are kept.
    .replaceAll(/("(?:[^"]|"")*")|'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b/g, '$1?')
    .replaceAll(/(?:[$]?\?\s*,\s*)+(?=[$]?\?)/g, '');
