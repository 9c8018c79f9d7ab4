import { setForServer } from '../../server-setting.js';
import { monitoringCheck } from './check.js';

/** What a setting should be for somebody to find out afterwards what happened. */
interface Wanted {
  readonly setting: MonitoringSetting;
  readonly value: string;
  readonly enough: (value: string) => boolean;
}

export type MonitoringSetting =
  | 'log_min_duration_statement'
  | 'log_lock_waits'
  | 'log_temp_files'
  | 'log_checkpoints'
  | 'log_autovacuum_min_duration'
  | 'track_io_timing';

const on = (value: string): boolean => value === 'on';
const logged = (value: string): boolean => value !== '-1';

const WANTED: readonly Wanted[] = [
  { setting: 'log_min_duration_statement', value: '500ms', enough: logged },
  { setting: 'log_lock_waits', value: 'on', enough: on },
  { setting: 'log_temp_files', value: '10MB', enough: logged },
  { setting: 'log_checkpoints', value: 'on', enough: on },
  { setting: 'log_autovacuum_min_duration', value: '10s', enough: logged },
  { setting: 'track_io_timing', value: 'on', enough: on },
];

/** Events that leave no trace. */
export const loggingGap = monitoringCheck({
  id: 'logging-gap',
  severity: 'info',
  needs: ['settings'],
  run: ({ settings }) =>
    WANTED.filter(({ setting, enough }) => settings[setting] !== undefined && !enough(settings[setting])).map(
      ({ setting, value }) => ({
        object: setting,
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT setting, unit, source FROM pg_settings WHERE name = '${setting}';`,
        ...setForServer(setting, value),
        data: { setting, value: settings[setting]!, wanted: value },
      }),
    ),
});
