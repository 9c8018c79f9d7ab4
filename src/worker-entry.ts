import { fileURLToPath } from 'node:url';

/**
 * The compiled file of a worker thread or child process beside the calling module.
 *
 * Node 20 cannot run TypeScript, and the test runner compiles only what it imports itself; so from a source file this
 * points at the compiled twin in `dist/`, which `npm test` builds first.
 *
 * @param caller the caller's `import.meta.url`
 * @param name file name with `.js`, relative to the caller
 */
export function workerEntry(caller: string, name: string): string {
  const url = new URL(name, caller);
  if (caller.endsWith('.ts')) url.pathname = url.pathname.replace('/src/', '/dist/');
  return fileURLToPath(url);
}
