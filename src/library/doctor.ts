import { type MeasurementFinding, measurementChecks, type MeasurementSnapshot } from '../audit/index.js';
import { runChecks, type Unchecked } from '../findings.js';
import { takeMeasurementSnapshot } from '../live/index.js';
import type { CommonOptions } from './defaults.js';
import { withServer } from './with-session.js';

export interface DoctorReport {
  readonly server: string;
  /** The server was started for this, and is gone. */
  readonly started: boolean;
  readonly postgresql: string;
  /** Null where the database has none. */
  readonly pgvector: string | null;
  readonly findings: readonly MeasurementFinding[];
  readonly unchecked: readonly Unchecked<MeasurementSnapshot>[];
}

/**
 * Looks for what on a server would distort or prevent a measurement; changes nothing. `textsIn('en').measurementChecks` and
 * `textOf` make sentences of the findings.
 *
 * @param server `env`, a `postgres://` URL, or the kind of one to start
 * @throws {PgvtuneError} `usage` for a server that cannot be meant; `server`, `environment`
 */
export const doctor = (server: string, options: CommonOptions = {}): Promise<DoctorReport> =>
  withServer(server, { ...options, purpose: 'doctor', asIs: true }, async (opened) => {
    const snapshot = await takeMeasurementSnapshot(opened);
    return {
      server: opened.label,
      started: opened.disposable,
      postgresql: snapshot.postgresql.version,
      pgvector: snapshot.extension.installed,
      ...runChecks(measurementChecks, snapshot),
    };
  });
