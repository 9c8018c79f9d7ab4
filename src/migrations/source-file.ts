/** A file of a history, decoded. */
export interface SourceFile {
  /** Relative to the folder of the history, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const DECLARED = /^#.*?coding[:=]\s*([-\w.]+)/;
const MARKER = /^(<{7}|={7}|>{7}|\|{7})(?: .*)?$/;

/**
 * Decodes a file of any encoding: UTF-8, UTF-16 by its byte order mark, or what a Python file declares. What is left is
 * read byte by byte as Windows-1252, so that every file has a text.
 */
export function decode(bytes: Uint8Array): {
  readonly text: string;
  readonly isUtf8: boolean;
  readonly hasNul: boolean;
} {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (utf16) return cleaned(new TextDecoder(utf16).decode(bytes), false);
  try {
    return cleaned(new TextDecoder('utf-8', { fatal: true }).decode(bytes), true);
  } catch {
    const head = Buffer.from(bytes.slice(0, 200)).toString('latin1');
    const label = head.split('\n', 2).flatMap((line) => DECLARED.exec(line)?.[1] ?? [])[0];
    return cleaned(decoderOf(label ?? 'windows-1252').decode(bytes), false);
  }
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

const cleaned = (text: string, isUtf8: boolean) => ({
  text: text.replaceAll('\r\n', '\n').replaceAll('\0', ''),
  isUtf8,
  hasNul: text.includes('\0'),
});

/**
 * The markers that an unfinished merge leaves, blanked so that both sides can be read.
 *
 * @returns the line of the first one; null for a file without any
 */
export function blankMergeMarkers(text: string): { readonly text: string; readonly line: number | null } {
  if (!/^<{7}/m.test(text)) return { text, line: null };
  const lines = text.split('\n');
  const first = lines.findIndex((line) => MARKER.test(line));
  return { text: lines.map((line) => (MARKER.test(line) ? '' : line)).join('\n'), line: first < 0 ? null : first + 1 };
}
