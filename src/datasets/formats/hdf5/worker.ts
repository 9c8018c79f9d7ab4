import { parentPort, workerData } from 'node:worker_threads';
import { PgvtuneError, type ErrorDetails } from '../../../errors.js';
import type { DeclaredNeighbours } from '../../store/dataset.js';
import type { Hdf5RoleOptions } from './roles.js';
import { openHdf5, type Hdf5Contents, type Hdf5Reader } from './read.js';

/*
 * The thread that reads one HDF5 file, which its `workerData` names. Each question gets one answer, in order.
 */

/** The file to be read, and what the user said about it. */
export interface Hdf5File {
  readonly path: string;
  readonly roles: Hdf5RoleOptions;
}

export type Hdf5Question =
  | { readonly ask: 'contents' }
  | { readonly ask: 'vectors'; readonly table: 'base' | 'queries'; readonly start: number }
  | { readonly ask: 'neighbours' };

export type Hdf5Answer =
  | { readonly kind: 'contents'; readonly contents: Hdf5Contents }
  | { readonly kind: 'vectors'; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly kind: 'neighbours'; readonly neighbours: DeclaredNeighbours | null }
  | { readonly kind: 'failure'; readonly message: string; readonly details: ErrorDetails };

function answer(reader: Hdf5Reader, question: Hdf5Question): Hdf5Answer {
  switch (question.ask) {
    case 'contents':
      return { kind: 'contents', contents: reader.contents };
    case 'vectors':
      return { kind: 'vectors', vectors: reader.vectors(question.table, question.start) };
    case 'neighbours':
      return { kind: 'neighbours', neighbours: reader.neighbours() };
  }
}

function failure(error: unknown): Hdf5Answer {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof PgvtuneError ? error.hint : undefined;
  return { kind: 'failure', message, details: hint === undefined ? {} : { hint } };
}

const port = parentPort!;
const { path, roles } = workerData as Hdf5File;
const opened = openHdf5(path, roles);
// The first question is told what is wrong.
opened.catch(() => undefined);

async function reply(question: Hdf5Question): Promise<void> {
  const answered = await opened.then((reader) => answer(reader, question)).catch(failure);
  port.postMessage(answered, answered.kind === 'vectors' ? [answered.vectors.buffer] : []);
}

port.on('message', (question: Hdf5Question) => void reply(question));
