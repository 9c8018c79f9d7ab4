import { rowsOf } from './relations.js';
import type { Table } from './snapshot/relations.js';

/** Dead rows at which autovacuum begins. Source: PostgreSQL manual, "The Autovacuum Daemon". */
export function autovacuumThreshold(table: Table, settings: Readonly<Record<string, string>>): number {
  const value = (name: string): number => {
    const own = table.options.find((option) => option.startsWith(`${name}=`));
    return Number(own?.slice(name.length + 1) ?? settings[name]);
  };
  const threshold = value('autovacuum_vacuum_threshold') + value('autovacuum_vacuum_scale_factor') * rowsOf(table);
  const most = settings['autovacuum_vacuum_max_threshold'];
  return most === undefined || Number(most) < 0 ? threshold : Math.min(threshold, Number(most));
}
