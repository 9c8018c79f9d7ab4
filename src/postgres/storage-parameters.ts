import type { Settings } from './settings.js';

/**
 * Storage parameters by name, from `pg_class.reloptions`: `m=16`. A value may have the sign itself, and lines: VectorChord
 * keeps a whole TOML document in `options`.
 */
export const storageParameters = (reloptions: readonly string[] | null): Settings =>
  Object.fromEntries(
    (reloptions ?? []).map((option) => {
      const end = option.indexOf('=');
      return [option.slice(0, end), option.slice(end + 1)];
    }),
  );
