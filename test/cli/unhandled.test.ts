import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const BIN = join(import.meta.dirname, '../../dist/cli/bin.js');

/** Runs the program with a fault in it, which shows while the command is still busy. */
const withFault = (fault: string) =>
  new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
    const script = `process.argv.splice(1, 0, 'pgvtune');
      const waiting = setInterval(() => {
        if (process.listenerCount('unhandledRejection') === 0) return;
        clearInterval(waiting);
        ${fault};
      });
      await import(${JSON.stringify(pathToFileURL(BIN).href)});`;
    execFile(
      process.execPath,
      ['--input-type=module', '-e', script, 'doctor', '--server', 'embedded'],
      (error, _, stderr) => resolve({ code: error?.code ?? 0, stderr }),
    );
  });

describe('an error that nobody caught', () => {
  it.each([
    ['a rejection', "Promise.reject(new Error('lost'))"],
    ['an exception', "throw new Error('lost')"],
  ])('ends with 4, for 1 would be an answer: %s', async (_, fault) => {
    const { code, stderr } = await withFault(fault);
    expect(stderr).toMatch(/^Error: lost\nThis is a defect of pgvtune/m);
    expect(code).toBe(4);
  });
});
