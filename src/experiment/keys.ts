import { shortHash } from '../canonical-json.js';
import { textLeg } from '../workloads/index.js';
import type {
  BuildRequest,
  FusionsRequest,
  PlannerMapRequest,
  PointRequest,
  ThroughputRequest,
  WritesRequest,
} from '../results/index.js';

/** The key of a build's record; its index is named after it. */
export const buildKey = (request: BuildRequest): string => `${methodOf(request)}-${shortHash(request)}`;

const methodOf = ({ spec, lookup, text }: BuildRequest): string =>
  lookup?.method ?? (text ? textLeg(text.method).accessMethod : spec.method);

/** The key of a point's record. */
export const pointKey = (request: PointRequest): string => shortHash(request);

/** The key of a throughput's record. */
export const throughputKey = (request: ThroughputRequest): string => shortHash(request);

/** The key of a planner map's record. */
export const plannerMapKey = (request: PlannerMapRequest): string => shortHash(request);

/** The key of a fusions' record. */
export const fusionsKey = (request: FusionsRequest): string => shortHash(request);

/** The key of a record of writes. */
export const writesKey = (request: WritesRequest): string => shortHash(request);

/** The (unquoted) name of a build's index: `hnsw_0123456789abcdef`. */
export const indexName = (key: string): string => key.replaceAll('-', '_');
