import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PgvtuneError } from '../../../src/errors.js';
import { createRun, readRun } from '../../../src/results/index.js';
import { temporaryFolder } from '../../support/processes.js';
import { manifest } from '../../support/run-manifest.js';

describe('the manifest of a run', () => {
  let root: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    root = temporaryFolder();
    createRun(root.path, manifest('local')).close();
    path = join(root.path, 'r', 'manifest.json');
  });
  afterEach(() => root.remove());

  it('is read as it was written', () => {
    expect(readRun(root.path, 'r').manifest).toEqual(manifest('local'));
  });

  it('is never read as anything else, whichever bit is turned over', () => {
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(whole);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(path, damaged);
        let read: unknown;
        try {
          read = readRun(root.path, 'r').manifest;
        } catch (error) {
          expect((error as PgvtuneError).code).toBe('dataset');
          return;
        }
        expect(read).toEqual(manifest('local'));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([['{'], ['[]'], ['null'], ['{"version":2}'], ['']])('is refused as damaged when it is %j', (text) => {
    writeFileSync(path, text);
    expect(() => readRun(root.path, 'r')).toThrow(expect.objectContaining({ code: 'dataset' }));
  });

  it('names the version of pgvtune that can read it', () => {
    writeFileSync(path, JSON.stringify({ version: 1, pgvtune: '0.0.9' }));
    expect(() => readRun(root.path, 'r')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('pgvtune 0.0.9') }),
    );
  });
});
