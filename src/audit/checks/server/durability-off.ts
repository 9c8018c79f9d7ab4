import { isReserved } from '../../managed-services.js';
import { setForServer } from '../../server-setting.js';
import { serverCheck } from './check.js';

/** A crash of the machine can destroy the database. */
export const durabilityOff = serverCheck({
  id: 'durability-off',
  severity: 'high',
  needs: ['server', 'settings'],
  run: ({ server, settings }) =>
    (['fsync', 'full_page_writes'] as const)
      .filter((setting) => settings[setting] === 'off' && !isReserved(server.managedBy, setting))
      .map((setting) => ({
        object: setting,
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT setting, source FROM pg_settings WHERE name = '${setting}';`,
        ...setForServer(setting, 'on'),
        data: { setting },
      })),
});
