import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditFinding, DatabaseSnapshot } from '../../../src/audit/index.js';
import { LANGUAGES } from '../../../src/languages.js';
import { auditPage, auditTextsIn } from '../../../src/reports/index.js';

/** Markup wherever a name or a statement is. */
const HOSTILE = '</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>"\'&';

const server: DatabaseSnapshot['server'] = {
  label: HOSTILE,
  database: HOSTILE,
  role: HOSTILE,
  version: '15.18',
  number: 150_018,
  standby: false,
  managedBy: 'neon',
  takenAt: '2026-11-29T23:05:00.000Z',
  startedAt: '2026-11-29T20:05:00.000Z',
  statisticsResetAt: null,
};
const common = {
  object: HOSTILE,
  confidence: 'high',
  evidence: HOSTILE,
  window: { from: null, until: server.takenAt },
  key: HOSTILE,
} as const;
const findings: readonly AuditFinding[] = [
  {
    ...common,
    code: 'query-in-loop',
    severity: 'medium',
    area: 'n-plus-one',
    number: 'N1-002',
    basis: 'log',
    remedy: null,
    data: {
      query: HOSTILE,
      unit: 'trace',
      units: 1,
      calls: 20,
      mostCalls: 20,
      totalMs: 1,
      routes: [{ route: HOSTILE, calls: 1 }],
      parent: HOSTILE,
      link: {
        foreignKey: HOSTILE,
        childTable: HOSTILE,
        childColumn: HOSTILE,
        parentTable: HOSTILE,
        direction: 'to-many',
      },
      nearest: false,
    },
  },
  {
    ...common,
    code: 'btree-bloat',
    severity: 'low',
    area: 'indexes',
    number: 'IDX-010',
    basis: 'estimates',
    remedy: {
      step: 'rebuild',
      statements: [HOSTILE],
      lock: { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it builds' },
      rollback: [HOSTILE],
    },
    data: { index: HOSTILE, bytes: 4e6, expectedBytes: 1e6, ratio: 4, rows: 1000 },
  },
];
const audit: Audit = { findings, unchecked: [{ id: 'slow-in-log', missing: [{ part: 'log', why: 'no-log' }] }] };

describe.each(LANGUAGES)('the page of an audit (%s)', (language) => {
  const html = auditPage({ server, facts: {} as DatabaseSnapshot, audit, texts: auditTextsIn(language) }, language);

  it('has every finding, with what it carries, and what was not checked', () => {
    expect(html).toContain(`<html lang="${language}">`);
    expect(html.match(/<details id="finding-\d+">/g)).toEqual(['<details id="finding-2">', '<details id="finding-1">']);
    expect(html).toContain('<a href="#finding-1">N1-002</a>');
    expect(html).toContain('selectinload');
    expect(html).toContain('SHARE UPDATE EXCLUSIVE');
    expect(html).toContain('slow-in-log');
    expect(html).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
  });

  it('escapes what comes from the database, and allows nothing but its own style', () => {
    expect(html).not.toMatch(/<script|<img|javascript:/);
    expect(html.match(/<\/details>/g)).toHaveLength(2);
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(html).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(html).not.toMatch(/ style=| on\w+="/);
  });
});
