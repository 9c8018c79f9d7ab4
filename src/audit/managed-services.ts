import type { ManagedService } from './snapshot/database.js';

/** A setting of the whole server, and what it is to be; null: nobody but its administrator can say. */
export interface ServerSetting {
  readonly name: string;
  readonly value: string | null;
}

interface Service {
  /** The command that sets it, with capitals where the customer's names belong; null: the service itself has to. */
  readonly command: ((name: string, value: string) => string) | null;
  /** Settings that it leaves to nobody. */
  readonly reserved: readonly string[];
}

/** Write-ahead log and its safety are the service's own. */
const DURABILITY = ['fsync', 'full_page_writes'];

/**
 * What services keep to themselves. None has a superuser for its customers, so all refuse ALTER SYSTEM and pg_reload_conf; what a session may
 * set, ALTER DATABASE and ALTER ROLE keep everywhere.
 *
 * Sources: the references of the commands; neon.com/docs/reference/compatibility; supabase.com/docs, "Customizing Postgres configs".
 */
const SERVICES: Readonly<Record<ManagedService, Service>> = {
  rds: {
    command: (name, value) =>
      `aws rds modify-db-parameter-group --db-parameter-group-name GROUP --parameters "ParameterName=${name},ParameterValue=${zeroOrOne(value)},ApplyMethod=${restarts(name) ? 'pending-reboot' : 'immediate'}"`,
    reserved: DURABILITY,
  },
  'cloud-sql': {
    command: (name, value) => `gcloud sql instances patch INSTANCE --database-flags=${name}=${value}`,
    reserved: [...DURABILITY, 'shared_preload_libraries'],
  },
  azure: {
    command: (name, value) =>
      `az postgres flexible-server parameter set --resource-group GROUP --server-name SERVER --name ${name} --value ${value}`,
    reserved: DURABILITY,
  },
  neon: { command: null, reserved: DURABILITY },
  supabase: {
    command: (name, value) => `supabase --experimental postgres-config update --config ${name}=${value}`,
    reserved: [...DURABILITY, 'shared_preload_libraries'],
  },
};

/** Whether nobody but the service can set it: what it is, is no fault of its customer. */
export const isReserved = (service: ManagedService | null, setting: string): boolean =>
  service !== null && SERVICES[service].reserved.includes(setting);

/** How a service sets a setting of the whole server; null: its customers cannot. */
export const commandOf = (service: ManagedService, { name, value }: ServerSetting): string | null =>
  isReserved(service, name)
    ? null
    : (SERVICES[service].command?.(name, value === null ? 'VALUE' : inBaseUnit(value)) ?? null);

/** Read when the server starts, and never again. Source: `guc_tables.c`, PGC_POSTMASTER. */
const restarts = (name: string): boolean =>
  ['shared_preload_libraries', 'shared_buffers', 'max_connections'].includes(name);

/** Milliseconds and kilobytes, which commands want without their unit. */
function inBaseUnit(value: string): string {
  const [, number, unit] = /^(\d+)(ms|s|kB|MB)$/.exec(value) ?? [];
  return unit === undefined ? value : String(Number(number) * { ms: 1, s: 1000, kB: 1, MB: 1024 }[unit as 'ms']);
}

const zeroOrOne = (value: string): string => (value === 'on' ? '1' : value === 'off' ? '0' : value);
