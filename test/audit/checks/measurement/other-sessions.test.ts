import { expect, it, vi } from 'vitest';
import { otherSessions } from '../../../../src/audit/checks/measurement/other-sessions.js';
import { runChecks } from '../../../../src/findings.js';
import {
  describeWithServers,
  findingsOf,
  newLogin,
  snapshotOf,
  superuser,
  urlOf,
} from '../../../support/check-servers.js';

describeWithServers('other-sessions', () => {
  it('counts the sessions that run a statement, and none that is idle or of pgvtune itself', async () => {
    const [idle, busy] = [await superuser('postgres', 'shop'), await superuser('postgres', 'shop')];
    const login = await newLogin();
    expect(await findingsOf(otherSessions, login)).toEqual([]);
    const sleeping = busy.query('SELECT pg_sleep(3600)').catch(() => undefined);
    await vi.waitFor(
      async () =>
        expect(await findingsOf(otherSessions, login)).toEqual([
          { code: 'other-sessions', severity: 'medium', data: { active: 1 } },
        ]),
      { timeout: 60_000 },
    );
    await idle.query('SELECT pg_cancel_backend($1)', [busy.backendPid]);
    await sleeping;
    await vi.waitFor(async () => expect(await findingsOf(otherSessions, login)).toEqual([]), { timeout: 60_000 });
    await Promise.all([idle.close(), busy.close()]);
  });

  it('is not made by a role that sees nobody else, rather than passed', async () => {
    const login = await newLogin({}, { memberOf: 'nobody' });
    expect(runChecks([otherSessions], await snapshotOf(urlOf(login)))).toEqual({
      findings: [],
      unchecked: [{ id: 'other-sessions', missing: [{ part: 'otherActiveSessions', why: 'sessions-hidden' }] }],
    });
  });
});
