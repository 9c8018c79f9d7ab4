import { setForServer } from '../../server-setting.js';
import { serverCheck } from './check.js';

/** A crash of the machine can destroy the database. */
export const durabilityOff = serverCheck({
  id: 'durability-off',
  severity: 'high',
  needs: ['settings'],
  run: ({ settings }) =>
    (['fsync', 'full_page_writes'] as const)
      .filter((setting) => settings[setting] === 'off')
      .map((setting) => ({
        object: setting,
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT setting, source FROM pg_settings WHERE name = '${setting}';`,
        remedy: setForServer(setting, 'on'),
        data: { setting },
      })),
});
