import type { RepresentationSupport } from './kind.js';

/** VectorChord can keep more, but a column cannot: pgvector `vector.h` VECTOR_MAX_DIM. */
const support: RepresentationSupport = { maxDimensions: 16_000, metrics: ['l2', 'ip', 'cosine'], since: '0.7.0' };

/** What both access methods of VectorChord take. Source: VectorChord 1.1.1 `finalize.sql`. */
export const vectorChordRepresentations = { vector: support, halfvec: support } as const;
