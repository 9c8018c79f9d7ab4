import { plural } from '../../text/en/plural.js';
import { code } from '../../text/markdown.js';
import type { MigrationTexts } from '../texts.js';
import { findings } from './findings.js';
import { hazardText } from './hazards.js';
import { squash } from './squash.js';
import { vectors } from './vectors.js';

export const en: MigrationTexts = {
  findings,
  vectors,
  hazard: hazardText,
  squash,
  problems: {
    'not-parsed': 'the grammar of PostgreSQL 18 refuses it',
    'computed-sql': 'the SQL is computed at run time',
    'unknown-operation': 'unknown operation or argument',
    'unknown-type': 'type defined elsewhere',
    'other-language': 'written in another language, which is not read',
  },
  severities: { high: 'high', medium: 'medium', low: 'low', info: 'info' },
  document: {
    title: (name) => `Migration history: ${name}`,
    summary: 'Summary',
    format: 'Format',
    revisions: 'Revisions',
    operations: 'Operations',
    understood: (understood, operations, share) =>
      `${understood} of ${operations} (${(share * 100).toFixed(1)} %) understood`,
    conditional: 'Operations under a condition',
    heads: 'Heads',
    period: 'Period',
    lockTimeout: 'lock_timeout in env.py',
    notSet: 'not set',
    assumedTypes: (types) =>
      `Types that are defined in the application were taken for what their name says: ${types
        .map(
          ({ name, as, operations }) =>
            `${code(name)} as ${code(as)} (${plural(operations, { one: 'operation', other: 'operations' })})`,
        )
        .join(', ')}.`,
    findings: 'Findings',
    noFindings: 'No findings.',
    severity: 'Severity',
    finding: 'Finding',
    vectors: 'Vectors',
    hazards: (since) => `Hazards of the revisions after ${since}`,
    noHazards: 'No hazards.',
    safeForm: 'Safe form',
    notUnderstood: 'Not understood',
    notUnderstoodIntro:
      'These operations are missing from every figure and from the replayed schema. Each is a barrier for a squash.',
    allUnderstood: 'Every operation was understood.',
    where: 'Where',
    what: 'What',
    why: 'Why',
    growth: 'Growth',
    month: 'Month',
    method: 'Method',
    methodText:
      'Python is parsed, never executed: constants, loops over known lists, local functions and tests of the dialect are followed; where a condition is not known, both branches are read and marked. SQL is parsed by the grammar of PostgreSQL 18.',
    more: (count) => `and ${count} more`,
  },
};
