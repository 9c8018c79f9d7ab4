import { type Config, layoutOf } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';

/**
 * Of what is measured on one table alone.
 *
 * @throws {PgvtuneError} `usage` where the configuration asks for another layout
 */
export function refuseLayout(config: Config): void {
  if (layoutOf(config).kind === 'single') return;
  const commands = config.layout === 'sharded' ? ['bench'] : ['bench', 'tune'];
  throw new PgvtuneError('usage', `layout: ${config.layout} is for plain queries of ${commands.join(' and ')} alone.`, {
    hint: 'Leave it out.',
  });
}

/** @throws {PgvtuneError} `usage` where the rows are to be divided among servers */
export function refuseShards(config: Config): void {
  if (layoutOf(config).kind !== 'sharded') return;
  throw new PgvtuneError('usage', 'tune does not choose an index for shards: its questions are asked of one server.', {
    hint: 'Tune on as many rows as a shard has, then measure what it recommends on the shards with bench.',
  });
}
