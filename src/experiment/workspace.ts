import { openWorkspace, type Server, type Workspace } from '../postgres/index.js';
import type { ExperimentOptions } from './options.js';

/** Works in the run's scratch schema; drops it when the work is done, and leaves it for a resumption when it is not. */
export async function inWorkspace<T>(
  server: Server,
  options: ExperimentOptions,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(server, options.run.replaceAll('-', '_'));
  let result: T;
  try {
    result = await work(workspace);
  } catch (error) {
    await workspace.leave();
    if (!server.disposable) {
      options.reporter.note({ code: 'schema-kept', data: { schema: workspace.schema, run: options.run } });
    }
    throw error;
  }
  await workspace.drop();
  return result;
}
