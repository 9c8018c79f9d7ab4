import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of the test's own, that servers of other accounts can reach too. */
export function temporaryFolder(): { readonly path: string; entries(): string[]; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'pgvtune-test-'));
  chmodSync(path, 0o755);
  return {
    path,
    entries: () => readdirSync(path),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The running processes whose command line mentions `text`. */
export function processesMentioning(text: string): { readonly pid: number; readonly command: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+\s+/, '') }))
    .filter(({ command }) => command.includes(text));
}
