import { type BuildSample, judgeBuild } from '../../capacity/index.js';
import type { ServerLook } from '../../monitoring/index.js';
import { readOnly, type Session } from '../../postgres/index.js';
import { readBuilds } from '../progress/builds.js';
import { readStatementCounters } from '../snapshot/database/statements.js';
import { readAsNobodyElse } from '../snapshot/database/read-as-nobody-else.js';
import { readWatchedParts } from '../snapshot/database/take.js';

/** Samples that are kept of a build: an hour of looks every 15 seconds. */
const KEPT_SAMPLES = 240;

/** Looks at one server again and again; remembers only the builds that run. */
export function createLooker(session: Session, label: string, deadlineMs: number): () => Promise<ServerLook> {
  let samples = new Map<string, readonly BuildSample[]>();
  return async () => {
    const look = await readOnly(session, { deadlineMs }, async () => {
      await readAsNobodyElse(session);
      const { seesSessions: _, ...parts } = await readWatchedParts(session, label);
      return { ...parts, statements: await readStatementCounters(session) };
    });
    const { builds, hidden } = await readBuilds(session);
    samples = new Map(
      builds.map((sample) => {
        const key = `${sample.pid} ${sample.transactionBegan}`;
        return [key, [...(samples.get(key) ?? []).slice(1 - KEPT_SAMPLES), sample]];
      }),
    );
    return { ...look, builds: [...samples.values()].map((ofBuild) => judgeBuild(ofBuild)), hiddenBuilds: hidden };
  };
}
