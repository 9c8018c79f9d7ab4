import { parseConnectionUrl, targetFromEnvironment } from '../connection-url.js';
import type { Server } from '../server.js';
import { dockerMemoryBytes, openContainer } from './container.js';
import { openEmbedded } from './embedded.js';
import { findLocal, openLocal } from './local.js';
import { refusedChoice } from './refused-choice.js';
import type { ServerContext } from './serve.js';
import { openUrl } from './url.js';

/**
 * Refuses what no server can be meant by, before anything is done for it.
 *
 * @throws {PgvtuneError} `usage`
 */
export function checkServerChoice(choice: string, env: NodeJS.ProcessEnv): void {
  if (['auto', 'embedded', 'local', 'container'].includes(choice)) return;
  if (choice === 'env') targetFromEnvironment(env);
  else if (isUrl(choice)) parseConnectionUrl(choice, env);
  else throw refusedChoice(choice);
}

const isUrl = (choice: string): boolean => /^postgres(ql)?:/i.test(choice);

/**
 * Opens the server that `choice` names: `auto`, `embedded`, `local`, `container`, `env`, or a connection URL.
 *
 * `auto` takes the best that starts here, `local` before `container` before `embedded`, and says which and why. It
 * never takes an existing server: a benchmark must not start on production because a variable was set.
 *
 * @throws {PgvtuneError} `usage` for any other choice; `environment` or `server` when it cannot be had
 */
export async function openServer(choice: string, context: ServerContext): Promise<Server> {
  switch (choice) {
    case 'auto':
      return openServer(await bestHere(context.note), context);
    case 'embedded':
      return openEmbedded(context);
    case 'local':
      return openLocal(context);
    case 'container':
      return openContainer(context);
    case 'env':
      return openUrl(targetFromEnvironment(process.env), context);
    default:
      checkServerChoice(choice, process.env);
      return openUrl(parseConnectionUrl(choice, process.env), context);
  }
}

async function bestHere(note: ServerContext['note']): Promise<'local' | 'container' | 'embedded'> {
  const local = await findLocal();
  if (local) {
    note({ code: 'chose-local', data: { folder: local.folder } });
    return 'local';
  }
  if ((await dockerMemoryBytes()) !== undefined) {
    note({ code: 'chose-container', data: {} });
    return 'container';
  }
  note({ code: 'chose-embedded', data: {} });
  return 'embedded';
}
