import { groupBy } from '../../../group-by.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_VARIANTS = 5;

/** One statement that counts as many, because each length of an IN list has an entry of its own. */
export const listVariants = statementCheck({
  id: 'list-variants',
  severity: 'info',
  needs: ['statements'],
  run: ({ statements: { statements } }) => {
    const alike = groupBy(
      statements.filter(({ query }) => /\bIN\s*\(\s*\$\d+\s*,\s*\$\d+/i.test(query)),
      ({ query }) => query.replaceAll(/\(\s*\$\d+(?:\s*,\s*\$\d+)*\s*\)/g, '(…)').replaceAll(/\$\d+/g, '$'),
    );
    return [...alike.values()]
      .filter(({ length }) => length >= LEAST_VARIANTS)
      .map((variants) => ({
        object: statementName(variants[0]!),
        confidence: 'high',
        basis: 'statements',
        evidence: statementEvidence(...variants.map(({ id }) => id)),
        remedy: null,
        data: {
          query: variants[0]!.query,
          variants: variants.length,
          calls: variants.reduce((sum, { calls }) => sum + calls, 0),
        },
      }));
  },
});
