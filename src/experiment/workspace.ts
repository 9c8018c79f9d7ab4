import { openWorkspace, type Server, type Workspace } from '../postgres/index.js';
import type { Layout } from '../vocabulary.js';
import type { ExperimentOptions } from './options.js';

/**
 * Works in the run's scratch schema; drops it when the work is done, and leaves it for a resumption when it is not. That of shards
 * holds no rows, and goes in any case.
 */
export async function inWorkspace<T>(
  server: Server,
  options: Pick<ExperimentOptions, 'run' | 'reporter'> & { readonly layout: Layout },
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(server, options.run.replaceAll('-', '_'));
  let result: T;
  try {
    result = await work(workspace);
  } catch (error) {
    if (options.layout.kind === 'sharded' && (await isDropped(workspace))) throw error;
    await workspace.leave();
    if (!server.disposable) {
      options.reporter.note({ code: 'schema-kept', data: { schema: workspace.schema, run: options.run } });
    }
    throw error;
  }
  await workspace.drop();
  return result;
}

const isDropped = (workspace: Workspace): Promise<boolean> =>
  workspace.drop().then(
    () => true,
    () => false,
  );
