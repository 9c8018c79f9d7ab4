import { type Config, expandIndexes } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { indexKind, validateSpec } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import type { Shape } from '../../workloads/index.js';

/** An index, and what it is searched with; empty: the server's defaults. */
export interface ChosenIndex {
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
}

/**
 * The one index that a command is about: that of an earlier run, the one that the configuration names, or pgvector's default.
 *
 * @param command for the message
 * @throws {PgvtuneError} `usage` for several indexes, or one that is not possible here
 */
export function namedIndex(
  config: Config,
  shape: Shape,
  { chosen, command }: { readonly chosen: ChosenIndex | null; readonly command: string },
): ChosenIndex {
  const named = expandIndexes(config) ?? [];
  if (chosen === null && named.length > 1) {
    throw new PgvtuneError('usage', `${command} looks at one index; the configuration names ${named.length}.`, {
      hint: 'Name one, or a run of tune with --run: its recommendation is taken.',
    });
  }
  const [first] = named;
  const configured = first && {
    spec: first.spec,
    settings: first.values ? { [first.knob]: first.values[0]! } : {},
  };
  const index = chosen ?? configured ?? defaultIndex(shape);
  validateSpec(index.spec, shape);
  return index;
}

function defaultIndex({ rows }: Shape): ChosenIndex {
  const { parameters = {} } = indexKind('hnsw').startingPoints(rows)[0] ?? {};
  return { spec: { method: 'hnsw', representation: 'vector', parameters: { ...parameters } }, settings: {} };
}
