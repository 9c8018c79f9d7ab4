import { indexKind, mostOf, predictIndex, recallKnob } from '../../indexes/index.js';
import type { IndexSpec, Representation, Target } from '../../vocabulary.js';
import { fitScalability, type LoadPoint, type ScalabilityLaw } from '../pool/scalability.js';
import { type HeldOut, holdOut } from './held-out.js';
import {
  fitGrowth,
  GROWTH_FIGURES,
  type GrowthContext,
  type GrowthFigure,
  type GrowthLaw,
  type GrowthPoint,
  type Predicted,
} from './laws.js';
import { type MachinePlan, type MachinePrice, priceMachines } from './machines.js';
import { CACHE_SHARE, missShare, rowsThatFit } from './memory.js';

/** What somebody wants to know beside what was measured. */
export interface CapacityQuestion {
  /** Rows up to which to look; undefined: ten times the rows measured. */
  readonly toRows?: number;
  /** Queries a second at the busiest time. */
  readonly peakPerSecond?: number;
  /** Memory of the server, where it is not the machine of the run. */
  readonly memoryBytes?: number;
  readonly machines?: readonly MachinePrice[];
}

/** Everything that the plan is made from. */
export interface GrowthFacts {
  /** Ascending by rows; the last is all rows. */
  readonly points: readonly GrowthPoint[];
  readonly spec: IndexSpec;
  readonly dimensions: number;
  readonly target: Target;
  readonly server: {
    /** Major version of PostgreSQL. */
    readonly pgVersion: number;
    readonly pgvector: string;
    readonly maintenanceWorkMemBytes: number;
    readonly maxParallelMaintenanceWorkers: number;
    readonly sharedBuffersBytes: number | null;
    /** Null where the machine is not known. */
    readonly memoryBytes: number | null;
    readonly cores: number | null;
  };
  /** Closed loops on all rows. */
  readonly loads: readonly LoadPoint[];
  /** Milliseconds to read a page from outside shared_buffers; null where it was not measured. */
  readonly readMs: number | null;
}

/** What is to be expected at a number of rows. */
export interface Horizon {
  readonly rows: number;
  readonly measured: boolean;
  readonly figures: Readonly<Partial<Record<GrowthFigure, Predicted>>>;
  /** The build outgrows maintenance_work_mem: how long it takes then was not measured. */
  readonly spills: boolean;
  /** Median with the pages that no longer fit in memory read from disk; null while all fit, or reading was not measured. */
  readonly p50WithReadsMs: number | null;
}

/** Why this server no longer suffices. */
export type LimitCode = 'memory' | 'p95' | 'index_size' | 'build_time' | 'build_memory' | 'knob' | 'peak';

/** The most rows within a limit. */
export interface RowLimit {
  readonly code: LimitCode;
  readonly rows: number;
  /** The bound, in the figure's own unit: bytes, milliseconds, seconds, the knob's value, queries a second. */
  readonly bound: number;
}

/** How long this server suffices, and what comes after. */
export interface GrowthPlan {
  readonly rows: number;
  readonly toRows: number;
  readonly laws: readonly Omit<GrowthLaw, 'at'>[];
  readonly heldOut: readonly HeldOut[];
  readonly horizons: readonly Horizon[];
  /** Ascending by rows: the first is what binds. Those beyond `toRows` are left out. */
  readonly limits: readonly RowLimit[];
  /** Servers like this one among which `toRows` rows would have to be divided; null: no limit asks for it. */
  readonly servers: number | null;
  /** Rows whose index fits the memory that caches data, by what the index keeps; empty where memory is not known. */
  readonly fits: readonly { readonly representation: Representation; readonly rows: number }[];
  readonly cacheBytes: number | null;
  readonly scalability: ScalabilityLaw | null;
  /** Highest rate that was measured on all rows, queries a second; null without loads. */
  readonly highestRate: number | null;
  readonly machines: readonly MachinePlan[];
}

const MULTIPLES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** @throws {TypeError} without a size that was measured */
export function growthPlan(facts: GrowthFacts, question: CapacityQuestion): GrowthPlan {
  const { points, server } = facts;
  const largest = points.at(-1);
  if (largest === undefined) throw new TypeError('Expected a size that was measured.');
  const toRows = Math.max(largest.rows, question.toRows ?? 10 * largest.rows);
  const context: GrowthContext = { modelledBytes: (rows) => sizeOf(facts, rows) };
  const laws = new Map(
    GROWTH_FIGURES.flatMap((figure) => {
      const law = fitGrowth(figure, points, context);
      return law ? [[figure, law] as const] : [];
    }),
  );
  const memoryBytes = question.memoryBytes ?? server.memoryBytes;
  const cacheBytes = memoryBytes === null ? null : CACHE_SHARE * memoryBytes;
  const outlook = { facts, laws, cacheBytes };
  const highestRate = facts.loads.length === 0 ? null : Math.max(...facts.loads.map((load) => load.ratePerSecond));
  const multiples = MULTIPLES.map((multiple) => multiple * largest.rows).filter((rows) => rows < toRows);
  const limits = limitsOf(outlook, { highestRate, question }).filter(({ rows }) => rows < toRows);
  return {
    rows: largest.rows,
    toRows,
    laws: [...laws.values()].map(({ figure, power, powerSd, sizes }) => ({ figure, power, powerSd, sizes })),
    heldOut: holdOut(points, context),
    horizons: [...multiples, toRows].map((rows) => horizonAt(rows, outlook)),
    limits,
    servers: serversFor(limits, toRows),
    fits: cacheBytes === null ? [] : fitsOf(facts, cacheBytes),
    cacheBytes,
    scalability: fitScalability(facts.loads),
    highestRate,
    machines: machinesFor(outlook, { highestRate, question }),
  };
}

/** Limits that a server with fewer of the rows keeps; others ask for another build, or for replicas. */
const PER_SERVER: readonly LimitCode[] = ['memory', 'p95', 'knob'];

function serversFor(limits: readonly RowLimit[], toRows: number): number | null {
  const [first] = limits.filter(({ code, rows }) => PER_SERVER.includes(code) && rows > 0);
  return first ? Math.ceil(toRows / first.rows) : null;
}

interface Outlook {
  readonly facts: GrowthFacts;
  readonly laws: ReadonlyMap<GrowthFigure, GrowthLaw>;
  readonly cacheBytes: number | null;
}

/** The index over so many rows by its model, with the parameters that somebody would choose there. */
function modelled({ spec, points, dimensions, server }: GrowthFacts, rows: number, representation?: Representation) {
  const parameters = indexKind(spec.method).ofSize(spec.parameters, rows / points.at(-1)!.rows);
  return predictIndex({
    rows: Math.max(1, Math.round(rows)),
    dimensions,
    spec: { ...spec, parameters: { ...parameters }, ...(representation === undefined ? {} : { representation }) },
    maintenanceWorkMemBytes: server.maintenanceWorkMemBytes,
    maxParallelMaintenanceWorkers: server.maxParallelMaintenanceWorkers,
    pgVersion: server.pgVersion,
    pgvector: server.pgvector,
  });
}

const sizeOf = (facts: GrowthFacts, rows: number): number => modelled(facts, rows).bytes;

function horizonAt(rows: number, { facts, laws, cacheBytes }: Outlook): Horizon {
  const { build } = modelled(facts, rows);
  const spills = build !== null && (build.spillRow !== null || build.fails);
  const figures = Object.fromEntries(
    [...laws]
      .filter(([figure]) => !(spills && figure === 'buildSeconds'))
      .map(([figure, law]) => [figure, law.at(rows)]),
  ) as Horizon['figures'];
  const { indexBytes, buffers, p50Ms } = figures;
  const misses = cacheBytes === null || !indexBytes ? 0 : missShare(indexBytes.value, cacheBytes);
  return {
    rows,
    measured: rows === facts.points.at(-1)!.rows,
    figures,
    spills,
    p50WithReadsMs:
      misses > 0 && facts.readMs !== null && buffers && p50Ms
        ? p50Ms.value + misses * buffers.value * facts.readMs
        : null,
  };
}

interface Demand {
  readonly highestRate: number | null;
  readonly question: CapacityQuestion;
}

function limitsOf({ facts, laws, cacheBytes }: Outlook, { highestRate, question }: Demand): readonly RowLimit[] {
  const { target, spec, points, server } = facts;
  const limits: RowLimit[] = [];
  const add = (code: LimitCode, bound: number | undefined | null, valueAt: ((rows: number) => number) | null): void => {
    if (bound === undefined || bound === null || valueAt === null) return;
    limits.push({ code, bound, rows: rowsThatFit(bound, valueAt) });
  };
  const at = (figure: GrowthFigure): ((rows: number) => number) | null => {
    const law = laws.get(figure);
    return law ? (rows) => law.at(Math.max(2, rows)).value : null;
  };
  add('memory', cacheBytes, at('indexBytes'));
  add('index_size', target.indexBytes, at('indexBytes'));
  add('p95', target.p95Ms, at('p95Ms'));
  add('build_time', target.buildSeconds, at('buildSeconds'));
  const knob = recallKnob(indexKind(spec.method), spec.parameters);
  // A knob that is bounded by a build parameter, such as probes by lists, grows with it.
  if (knob?.atMost === undefined && knob) add('knob', mostOf(knob, spec.parameters), at('knob'));
  add('build_memory', server.maintenanceWorkMemBytes, (rows) => neededMemory(facts, rows));
  const p50 = laws.get('p50Ms');
  const { peakPerSecond } = question;
  if (peakPerSecond !== undefined && highestRate !== null && p50) {
    // Time a query, and so the time that a core has for others, grows with the rows.
    const now = p50.at(points.at(-1)!.rows).value;
    limits.push({
      code: 'peak',
      bound: peakPerSecond,
      rows: rowsThatFit((now * highestRate) / peakPerSecond, (rows) => p50.at(Math.max(2, rows)).value),
    });
  }
  return limits.toSorted((a, b) => a.rows - b.rows);
}

function neededMemory(facts: GrowthFacts, rows: number): number {
  const { build } = modelled(facts, rows);
  return build?.neededMaintenanceWorkMemBytes ?? 0;
}

const REPRESENTATIONS: readonly Representation[] = ['vector', 'halfvec', 'bit'];

const fitsOf = (facts: GrowthFacts, cacheBytes: number): GrowthPlan['fits'] =>
  facts.spec.method === 'none' || facts.spec.representation === 'subvector'
    ? []
    : REPRESENTATIONS.map((representation) => ({
        representation,
        rows: rowsThatFit(cacheBytes, (rows) => modelled(facts, rows, representation).bytes),
      }));

function machinesFor({ facts, laws }: Outlook, { highestRate, question }: Demand): readonly MachinePlan[] {
  const { machines = [], peakPerSecond, toRows } = question;
  const { cores } = facts.server;
  const [size, p50] = [laws.get('indexBytes'), laws.get('p50Ms')];
  if (machines.length === 0 || peakPerSecond === undefined || highestRate === null || cores === null) return [];
  if (!size || !p50) return [];
  const rows = facts.points.at(-1)!.rows;
  const at = Math.max(rows, toRows ?? rows);
  return priceMachines(machines, {
    peakPerSecond,
    ratePerCore: (highestRate / cores) * (p50.at(rows).value / p50.at(at).value),
    workingSetBytes: size.at(at).value,
    cacheShare: CACHE_SHARE,
  });
}
