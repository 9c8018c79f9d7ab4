import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asSystemError } from '../../system-error.js';

/*
 * What these functions wrote survives a crash of the machine once they return. A system call may write less than it is
 * given, and the name of a file is part of its folder, which has to reach the disk as well.
 */

/** A file that is open for appending. */
export interface AppendedFile {
  readonly path: string;
  readonly descriptor: number;
}

/**
 * Appends all of `bytes`, or nothing: on failure the file is cut back to its length before.
 *
 * @param length of the file before, bytes
 * @throws {PgvtuneError} `environment` when the disk is full or fails
 */
export function appendDurably({ path, descriptor }: AppendedFile, bytes: Uint8Array, length: number): void {
  try {
    for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    fdatasyncSync(descriptor);
  } catch (error) {
    ftruncateSync(descriptor, length);
    throw asSystemError(error, path);
  }
}

/** Makes a folder and those above it that are missing. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { recursive: true });
  syncFolder(dirname(folder));
}

/**
 * Writes a file so that it is there as a whole or not at all; an earlier one is replaced.
 *
 * @throws {PgvtuneError} `environment` when the disk is full or fails
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  // Two processes may write the same file.
  const temporary = `${path}.${process.pid}.part`;
  try {
    writeSynced(temporary, content);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asSystemError(error, path);
  }
}

function writeSynced(path: string, content: string | Uint8Array): void {
  const descriptor = openSync(path, 'w');
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Brings to the disk what was created, renamed or removed in a folder. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
