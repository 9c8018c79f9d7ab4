import { serverCheck } from './check.js';

const LOW_SHARE = 0.75;
const MEDIUM_SHARE = 0.9;

/** Few connections are left for the application. */
export const connectionsNearLimit = serverCheck({
  id: 'connections-near-limit',
  severity: 'medium',
  needs: ['activity', 'settings', 'sessions'],
  run: ({ activity: { connections }, settings, sessions }) => {
    const limit =
      Number(settings['max_connections']) -
      Number(settings['superuser_reserved_connections'] ?? 0) -
      Number(settings['reserved_connections'] ?? 0);
    if (connections < LOW_SHARE * limit) return [];
    return [
      {
        object: 'max_connections',
        confidence: 'medium',
        basis: 'activity',
        evidence:
          "SELECT state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY state ORDER BY 2 DESC;",
        severity: connections >= MEDIUM_SHARE * limit ? 'medium' : 'low',
        remedy: null,
        data: { connections, limit, idle: sessions.filter(({ state }) => state === 'idle').length },
      },
    ];
  },
});
