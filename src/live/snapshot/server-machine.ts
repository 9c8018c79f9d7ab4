import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Machine, type Server, thisMachine } from '../../postgres/index.js';

/**
 * The machine that a server runs on, where it is this one; null where that is not sure. An address of this machine is not
 * enough, for a tunnel or a container may end there: the backend must be a process of ours, too.
 *
 * @param backendPid of a session of that server
 */
export async function serverMachine(server: Server, backendPid: number): Promise<Machine | null> {
  if (!server.capabilities.processes) return null;
  if (!server.disposable && !(await isPostgres(backendPid))) return null;
  return thisMachine(tmpdir());
}

const isPostgres = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/comm`, 'utf8').then(
    (name) => /postgres|postmaster/.test(name),
    () => false,
  );
