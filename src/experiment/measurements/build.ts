import type { BuildRecord, BuildRequest } from '../../results/index.js';
import type { Bench } from './handler.js';

/** Builds an index on the table. */
export const measureBuild = ({ indexes }: Bench, request: BuildRequest): Promise<BuildRecord> => indexes.build(request);
