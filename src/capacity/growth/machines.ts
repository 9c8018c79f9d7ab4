import { z } from 'zod';

/** A machine that can be had, with what it costs. */
export const machineSchema = z.strictObject({
  name: z.string().min(1),
  cores: z.number().int().min(1),
  memoryBytes: z.number().positive(),
  /** Price of a month, in the user's currency. */
  month: z.number().nonnegative(),
});
export type MachinePrice = z.infer<typeof machineSchema>;

/** What a number of one machine costs to serve a load. */
export interface MachinePlan extends MachinePrice {
  /** The primary and its read replicas, each with all rows. */
  readonly servers: number;
  readonly fits: boolean;
  /** Queries a second that one serves. */
  readonly ratePerSecond: number;
  readonly totalMonth: number;
  readonly perMillion: number;
}

const SECONDS_A_MONTH = 30.44 * 86_400;
/** Share of a server's capacity that a plan uses: what is beyond has no room for a busy minute. */
const USED_SHARE = 0.7;

/**
 * What each machine costs for a peak rate: those whose memory holds the working set, then the cheapest.
 *
 * @param options.ratePerCore queries a second that one core serves, measured
 * @param options.workingSetBytes pages that queries touch: the index, and the rows returned
 */
export function priceMachines(
  machines: readonly MachinePrice[],
  options: {
    readonly peakPerSecond: number;
    readonly ratePerCore: number;
    readonly workingSetBytes: number;
    /** Share of a machine's memory that caches data. */
    readonly cacheShare: number;
  },
): readonly MachinePlan[] {
  const { peakPerSecond, ratePerCore, workingSetBytes, cacheShare } = options;
  return machines
    .map((machine) => {
      const ratePerSecond = USED_SHARE * machine.cores * ratePerCore;
      const servers = Math.max(1, Math.ceil(peakPerSecond / ratePerSecond));
      const totalMonth = servers * machine.month;
      return {
        ...machine,
        servers,
        fits: cacheShare * machine.memoryBytes >= workingSetBytes,
        ratePerSecond,
        totalMonth,
        perMillion: (1e6 * totalMonth) / (peakPerSecond * SECONDS_A_MONTH),
      };
    })
    .toSorted((a, b) => Number(b.fits) - Number(a.fits) || a.totalMonth - b.totalMonth);
}
