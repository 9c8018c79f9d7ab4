import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** What this machine says about itself at one moment. Null: this operating system does not report it. */
export interface MachineReading {
  /** Mean number of runnable threads over the last minute. */
  readonly load: number | null;
  /** Clock of the first processor, MHz. */
  readonly mhz: number | null;
  /** Time since the start, in ticks of all processors together; `stolen`: given to other virtual machines. */
  readonly cpu: { readonly total: number; readonly stolen: number } | null;
  /** Pages swapped in or out since the start. */
  readonly swappedPages: number | null;
}

export interface BeforeAfter<T> {
  readonly before: T;
  readonly after: T;
}

/** What became of a machine between two readings. Null: it cannot be known here. */
export interface MachineChange {
  /** One-minute load average. */
  readonly load: BeforeAfter<number | null>;
  readonly mhz: BeforeAfter<number | null>;
  /** Share of processor time that went to other virtual machines; null, too, when less than a tick of 10 ms has passed. */
  readonly stealShare: number | null;
  readonly swappedPages: number | null;
}

/** Reads Linux's /proc (proc(5)), and elsewhere what there is. Takes tens of microseconds. */
export function readMachine(): MachineReading {
  return {
    load: process.platform === 'win32' ? null : loadavg()[0]!,
    mhz: readMhz(),
    cpu: readCpu(),
    swappedPages: readSwapped(),
  };
}

export function compareMachine(before: MachineReading, after: MachineReading): MachineChange {
  const ticks = before.cpu && after.cpu ? after.cpu.total - before.cpu.total : 0;
  return {
    load: { before: before.load, after: after.load },
    mhz: { before: before.mhz, after: after.mhz },
    stealShare: before.cpu && after.cpu && ticks > 0 ? (after.cpu.stolen - before.cpu.stolen) / ticks : null,
    swappedPages:
      before.swappedPages === null || after.swappedPages === null ? null : after.swappedPages - before.swappedPages,
  };
}

function readMhz(): number | null {
  const kilohertz = read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq');
  if (kilohertz !== null) return Number(kilohertz) / 1000;
  const mhz = /^cpu MHz\s*:\s*([\d.]+)/m.exec(read('/proc/cpuinfo') ?? '')?.[1];
  return mhz === undefined ? null : Number(mhz);
}

function readCpu(): MachineReading['cpu'] {
  const line = /^cpu +(.*)$/m.exec(read('/proc/stat') ?? '')?.[1];
  if (line === undefined) return null;
  // user nice system idle iowait irq softirq steal; guest time, which follows, is part of user time already.
  const ticks = line.split(' ').slice(0, 8).map(Number);
  return { total: ticks.reduce((sum, tick) => sum + tick, 0), stolen: ticks[7] ?? 0 };
}

function readSwapped(): number | null {
  const text = read('/proc/vmstat');
  if (text === null) return null;
  return [...text.matchAll(/^pswp(?:in|out) (\d+)$/gm)].reduce((sum, [, pages]) => sum + Number(pages), 0);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
