const TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?: (\S+))?$/;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

/**
 * Reads times as the log writes them: `2026-11-29 23:05:00.123 MSK`. What an abbreviation means depends on the place, so the
 * first time with it is looked up in the time zone of the log.
 *
 * @param timeZone `log_timezone` of the server; null: abbreviations count as UTC
 * @returns milliseconds since 1970; null for what is no time
 */
export function logTimes(timeZone: string | null): (text: string) => number | null {
  const offsets = new Map<string, number>();
  const offsetOf = (zone: string, asUtcMs: number): number => {
    const [, sign, hours, minutes = '0'] = OFFSET.exec(zone) ?? [];
    if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    const known = offsets.get(zone);
    if (known !== undefined) return known;
    const offset = /^(?:UTC|GMT|Z)$/.test(zone) || timeZone === null ? 0 : offsetIn(timeZone, asUtcMs);
    offsets.set(zone, offset);
    return offset;
  };
  return (text) => {
    const [, year, month, day, hour, minute, second, fraction = '', zone = 'UTC'] = TIME.exec(text) ?? [];
    if (year === undefined) return null;
    const asUtcMs =
      Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) +
      Number(`0.${fraction}0`) * 1000;
    return asUtcMs - offsetOf(zone, asUtcMs);
  };
}

/** How far the clocks of a time zone are ahead of UTC at about this time of theirs. */
function offsetIn(timeZone: string, localMs: number): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }).formatToParts(localMs);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
    return shown - Math.floor(localMs / 60_000) * 60_000;
  } catch {
    // A zone that only PostgreSQL knows.
    return 0;
  }
}
