import { measurementCheck } from './snapshot.js';

/** Either value writes every statement to the log. */
const EVERYTHING = { log_statement: 'all', log_min_duration_statement: '0' } as const;
const SETTINGS = ['log_statement', 'log_min_duration_statement'] as const;

export const statementLogging = measurementCheck({
  id: 'statement-logging',
  severity: 'medium',
  needs: ['login', ...SETTINGS],
  run: ({ login: { role }, ...settings }) =>
    SETTINGS.filter((setting) => settings[setting] === EVERYTHING[setting]).map((setting) => ({
      data: { role, setting },
    })),
});
