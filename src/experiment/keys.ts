import { shortHash } from '../canonical-json.js';
import type { BuildRequest, PointRequest } from '../results/index.js';

/** The key of a build's record; its index is named after it. */
export const buildKey = (request: BuildRequest): string => `${request.spec.method}-${shortHash(request)}`;

/** The key of a point's record. */
export const pointKey = (request: PointRequest): string => shortHash(request);

/** The (unquoted) name of a build's index: `hnsw_0123456789abcdef`. */
export const indexName = (key: string): string => key.replaceAll('-', '_');
