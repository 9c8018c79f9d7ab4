import type { RunFiles } from '../../results/index.js';

/** A file below the folder that a format fills. */
export interface FolderFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What a run is in the format of another program: a text, the bytes of one file, or the files of a folder. */
export type Exported = string | Uint8Array | readonly FolderFile[];

/**
 * A format that another program reads. What the program has a place for and the run did not measure is left out.
 *
 * @throws {PgvtuneError} `usage` when the run holds nothing that the format could say
 */
export type ExportFormat<Kind extends Exported = Exported> = (run: RunFiles) => Promise<Kind>;
