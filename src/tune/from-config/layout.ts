import { type Config, layoutOf } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';

/**
 * Of what is measured on one table alone.
 *
 * @throws {PgvtuneError} `usage` where the configuration asks for another layout
 */
export function refuseLayout(config: Config): void {
  if (layoutOf(config).kind === 'single') return;
  throw new PgvtuneError('usage', `layout: ${config.layout} is for plain queries of bench and tune alone.`, {
    hint: 'Leave it out.',
  });
}
