import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checksOf, findingKind, type FindingOf, type Part, runChecks, unread } from '../src/findings.js';
import { type Catalogue, textOf } from '../src/reports/text/catalogue.js';

/*
 * Checks of an area that is unlike the first: a snapshot of tables, and findings that say of which object they speak, how
 * sure they are and what to do.
 */

interface Snapshot {
  readonly indexes: readonly { readonly name: string; readonly scans: number }[];
  readonly statements: Part<readonly { readonly query: string; readonly meanMs: number }[], 'not-installed' | 'denied'>;
  readonly slowMs: number;
}

interface More {
  readonly object: string;
  readonly confidence: 'measured' | 'estimated';
  readonly remedy: { readonly sql: readonly string[]; readonly lock: 'none' | 'ACCESS EXCLUSIVE' } | null;
}

const check = checksOf<Snapshot, More>('indexes');

const unusedIndex = check({
  id: 'unused-index',
  severity: 'medium',
  needs: ['indexes'],
  run: ({ indexes }) =>
    indexes
      .filter(({ scans }) => scans === 0)
      .map(({ name }) => ({
        object: name,
        confidence: 'estimated',
        remedy: { sql: [`DROP INDEX ${name};`], lock: 'ACCESS EXCLUSIVE' },
        data: { name },
        severity: name.startsWith('small') ? 'info' : 'medium',
      })),
});

const slowStatement = check({
  id: 'slow-statement',
  severity: 'high',
  needs: ['statements', 'slowMs'],
  run: ({ statements, slowMs }) =>
    statements
      .filter(({ meanMs }) => meanMs > slowMs)
      .map(({ query, meanMs }) => ({ object: query, confidence: 'measured', remedy: null, data: { meanMs } })),
});

const registry = [unusedIndex, slowStatement] as const;
type Found = FindingOf<(typeof registry)[number]>;

const catalogue: Catalogue<Found> = {
  'unused-index': ({ name }) => `${name} was never scanned.`,
  'slow-statement': ({ meanMs }) => `It takes ${meanMs} ms.`,
};

const snapshot: Snapshot = {
  indexes: [
    { name: 'small_idx', scans: 0 },
    { name: 'used_idx', scans: 5 },
    { name: 'big_idx', scans: 0 },
  ],
  statements: [{ query: 'SELECT 1', meanMs: 70 }],
  slowMs: 20,
};

describe('runChecks', () => {
  it('gives every finding, the most severe first, each with all that its area asks for', () => {
    const { findings, unchecked } = runChecks(registry, snapshot);
    expect(unchecked).toEqual([]);
    expect(findings).toEqual([
      {
        code: 'slow-statement',
        severity: 'high',
        object: 'SELECT 1',
        confidence: 'measured',
        remedy: null,
        data: { meanMs: 70 },
      },
      {
        code: 'unused-index',
        severity: 'medium',
        object: 'big_idx',
        confidence: 'estimated',
        remedy: { sql: ['DROP INDEX big_idx;'], lock: 'ACCESS EXCLUSIVE' },
        data: { name: 'big_idx' },
      },
      expect.objectContaining({ severity: 'info', object: 'small_idx' }),
    ]);
  });

  it('does not make a check whose parts could not be read, and says which and why', () => {
    const { findings, unchecked } = runChecks(registry, { ...snapshot, statements: unread('denied') });
    expect(findings.map(({ code }) => code)).toEqual(['unused-index', 'unused-index']);
    expect(unchecked).toEqual([{ id: 'slow-statement', missing: [{ part: 'statements', why: 'denied' }] }]);
  });
});

describe('findingKind', () => {
  const spilled = findingKind('build-spilled', 'medium', z.strictObject({ row: z.int() }));

  it('makes findings that its schema reads, of the usual severity or another', () => {
    expect(spilled.of({ row: 5 })).toEqual({ code: 'build-spilled', severity: 'medium', data: { row: 5 } });
    const severe = spilled.of({ row: 5 }, 'high');
    expect(spilled.schema.parse(severe)).toEqual({ code: 'build-spilled', severity: 'high', data: { row: 5 } });
  });

  it('refuses a finding of another kind, or with other data', () => {
    const { schema } = spilled;
    expect(schema.safeParse({ ...spilled.of({ row: 5 }), code: 'other' }).success).toBe(false);
    expect(schema.safeParse({ ...spilled.of({ row: 5 }), data: { row: 5, rows: 6 } }).success).toBe(false);
  });
});

describe('a catalogue of texts', () => {
  it('has a text for every finding, from its data', () => {
    const { findings } = runChecks(registry, snapshot);
    expect(findings.map((finding) => textOf(catalogue, finding))).toEqual([
      'It takes 70 ms.',
      'big_idx was never scanned.',
      'small_idx was never scanned.',
    ]);
  });
});

/** The compiler refuses each of these: `npm run typecheck` is their test. */
export const refused = {
  // @ts-expect-error a code without a text
  missingText: { 'unused-index': () => '' } satisfies Catalogue<Found>,
  // @ts-expect-error a text without a code
  unknownCode: { ...catalogue, other: () => '' } satisfies Catalogue<Found>,
  wrongData: {
    ...catalogue,
    // @ts-expect-error data that the check does not give
    'slow-statement': ({ medianMs }) => `${medianMs}`,
  } satisfies Catalogue<Found>,
  undeclaredNeed: () =>
    check({
      id: 'undeclared-need',
      severity: 'low',
      needs: ['indexes'],
      // @ts-expect-error a part that the check does not say it needs
      run: ({ slowMs }) => [{ object: '', confidence: 'measured', remedy: null, data: { slowMs } }],
    }),
  noRemedy: () =>
    check({
      id: 'no-remedy',
      severity: 'low',
      needs: ['indexes'],
      // @ts-expect-error a finding without what its area asks for
      run: () => [{ object: '', confidence: 'measured', data: {} }],
    }),
};
