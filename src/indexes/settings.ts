import { PgvtuneError } from '../errors.js';
import type { SearchSettings } from '../vocabulary.js';
import { type IndexKind, listOf, type SearchKnob } from './kind.js';
import { indexKind } from './registry.js';

function check(knob: SearchKnob, value: number | string): void {
  if (knob.kind === 'choice') {
    if (typeof value === 'string' && knob.values.includes(value)) return;
    throw new PgvtuneError('usage', `Expected ${knob.name} to be one of ${knob.values.join(', ')}, got "${value}".`, {
      hint: `Leave ${knob.name} out for the default, ${knob.default}.`,
    });
  }
  if (knob.perMember !== undefined && typeof value === 'string') {
    const members = listOf(value);
    if (members?.every((member) => Number.isInteger(member) && member >= knob.min && member <= knob.max)) return;
  }
  const whole = knob.integer ? Number.isInteger(value) : Number.isFinite(value);
  if (typeof value === 'number' && whole && value >= knob.min && value <= knob.max) return;
  const kind = knob.integer ? 'a whole number' : 'a number';
  throw new PgvtuneError(
    'usage',
    `Expected ${knob.name} to be ${kind} from ${knob.min} to ${knob.max}, got "${value}".`,
    {
      hint:
        knob.perMember === undefined
          ? `Leave ${knob.name} out for the default, ${knob.default}.`
          : `It takes as many numbers as ${knob.perMember} has: 10, or 10,40.`,
    },
  );
}

/**
 * The session settings that these search settings mean: `{ef_search: 40}` → `{'hnsw.ef_search': '40'}`. They can be set
 * only after the extension's library is loaded: before that, PostgreSQL accepts any name and any value.
 *
 * @throws {PgvtuneError} `usage` for a setting that the method does not have, or a value out of range
 */
export function gucs(method: string, settings: SearchSettings): Record<string, string> {
  const kind = indexKind(method);
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const knob = kind.knobs.find((k) => k.name === name);
      if (knob === undefined) {
        const known = kind.knobs.map((k) => k.name).join(', ') || 'none';
        throw new PgvtuneError('usage', `Expected a search setting of ${kind.title}, got "${name}".`, {
          hint: `${kind.title} has these search settings: ${known}.`,
        });
      }
      check(knob, value);
      return [knob.guc, String(value)];
    }),
  );
}

/** The other way: what session settings mean for an index; those that are not given are left out. */
export const searchSettingsOf = ({ knobs }: IndexKind, settings: Readonly<Record<string, string>>): SearchSettings =>
  Object.fromEntries(
    knobs.flatMap(({ name, guc, kind }) => {
      const value = settings[guc];
      return value === undefined
        ? []
        : [[name, kind === 'number' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value]];
    }),
  );
