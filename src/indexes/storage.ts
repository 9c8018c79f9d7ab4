import type { StorageParameters } from './kind.js';

/** Each parameter is a storage parameter of its own: `WITH (m = 16)`. */
export const plainStorage: StorageParameters = {
  write: (options) => Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])),
  read: (stored) => stored,
};

/**
 * All parameters are one document: `WITH (options = $$…$$)`, TOML with a pair a line and names with dots for tables.
 * Written words are `true`, `false`, numbers and lists of them; tables and comments are read as well.
 */
export const tomlStorage: StorageParameters = {
  write: (options) => ({
    options: Object.entries(options)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n'),
  }),
  read: ({ options = '', ...beside }) => ({ ...beside, ...Object.fromEntries(pairsOf(options)) }),
};

/** @see https://toml.io/en/v1.0.0 */
function pairsOf(toml: string): readonly (readonly [string, string])[] {
  let table = '';
  return toml.split('\n').flatMap((line) => {
    const text = line.replace(/#.*$/, '').trim();
    const header = /^\[\s*([^[\]]+?)\s*\]$/.exec(text)?.[1];
    if (header !== undefined) table = `${bare(header)}.`;
    const [, name, value] = header === undefined ? (/^([^=]+?)\s*=\s*(.+)$/.exec(text) ?? []) : [];
    return name === undefined || value === undefined ? [] : [[table + bare(name), value] as const];
  });
}

/** Without blanks and quotes: `build . "internal"` → `build.internal`. */
const bare = (name: string): string => name.replaceAll(/[\s"']/g, '');
