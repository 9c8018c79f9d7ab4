import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { OtherWork } from '../other-work.js';
import { cpuTicks } from './processes.js';

/** What this machine says about itself at one moment. Null: this operating system does not report it. */
export interface MachineReading {
  /** Mean number of runnable threads over the last minute. */
  readonly load: number | null;
  /** Clock of the first processor, MHz. */
  readonly mhz: number | null;
  /**
   * Time since the start, in ticks of all processors together; `programs`: of all processes, `stolen`: given to other virtual
   * machines.
   */
  readonly cpu: {
    readonly total: number;
    readonly programs: number;
    readonly idle: number;
    readonly stolen: number;
  } | null;
  /** CPU time of the processes that do the measurement's own work, in ticks. Null, too, where they cannot be seen. */
  readonly own: number | null;
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
  /** Null, too, where the server's processes cannot be seen, or too few ticks have passed. */
  readonly otherWork: OtherWork | null;
  readonly swappedPages: number | null;
}

/** Each process's time is rounded to a tick: of so many, the few processes of a measurement lose a few per cent. */
const LEAST_TICKS = 100;

/**
 * Reads Linux's /proc (proc(5)), and elsewhere what there is. Takes tens of microseconds for each process of the machine.
 *
 * @param own processes whose descendants do the measurement's own work, see {@link ownProcesses}
 */
export function readMachine(own: readonly number[] | null): MachineReading {
  return {
    load: process.platform === 'win32' ? null : loadavg()[0]!,
    mhz: readMhz(),
    cpu: readCpu(),
    own: own && cpuTicks(own),
    swappedPages: readSwapped(),
  };
}

export function compareMachine(before: MachineReading, after: MachineReading): MachineChange {
  const ticks = before.cpu && after.cpu ? after.cpu.total - before.cpu.total : 0;
  return {
    load: { before: before.load, after: after.load },
    mhz: { before: before.mhz, after: after.mhz },
    stealShare: before.cpu && after.cpu && ticks > 0 ? (after.cpu.stolen - before.cpu.stolen) / ticks : null,
    otherWork: otherWorkBetween(before, after),
    swappedPages:
      before.swappedPages === null || after.swappedPages === null ? null : after.swappedPages - before.swappedPages,
  };
}

/** @returns null where it cannot be known, or too few ticks have passed */
export function otherWorkBetween(before: MachineReading, after: MachineReading): OtherWork | null {
  if (!before.cpu || !after.cpu || before.own === null || after.own === null) return null;
  const total = after.cpu.total - before.cpu.total;
  if (total < LEAST_TICKS) return null;
  const others = after.cpu.programs - before.cpu.programs - (after.own - before.own);
  // Programs are counted by samples, processes exactly: the difference of two numbers that are alike may be below zero.
  return { share: Math.max(0, others / total), idleShare: Math.max(0, after.cpu.idle - before.cpu.idle) / total };
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
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, , , stolen = 0] = ticks;
  const total = ticks.reduce((sum, tick) => sum + tick, 0);
  return { total, programs: user + nice + system, idle: idle + iowait, stolen };
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
