import type { GenerateSpec } from '../../config/index.js';
import type { Clusters } from './clusters.js';
import type { Document, Lineage } from './lineage.js';
import { type RowRandom, type Stream, STREAM } from './row-random.js';

/**
 * How strongly the manifold is bent: radians that the phase of an element moves, in standard deviation, when every
 * latent coordinate moves by 1. The expected cosine between the centres of two clusters is then about e^(−CURVATURE²).
 */
const CURVATURE = 1.5;

/** Longest change that makes a near-duplicate, in units of the vector's own length: a cosine of at least 0.95. */
const NEAR_COPY_CHANGE = 0.3;

/** Standard deviation of lengths around 1 when vectors are not normalised. Normals end at ±2√3: lengths stay above 0. */
const LENGTH_DEVIATION = 0.25;

/** Writes the vectors of a generated dataset, each from its number alone. */
export interface VectorWriter {
  /** Writes base vector `row` to `out[offset … offset + dimensions)`. */
  writeRow(row: number, out: Float32Array, offset: number): void;
  writeQuery(query: number, out: Float32Array, offset: number): void;
}

/**
 * Points of latent space mapped into the vectors' space by random waves: element d of the image of z is
 * wave(phase_d + frequency_d · z). These are the random Fourier features of Rahimi and Recht (Random Features for
 * Large-Scale Kernel Machines, 2007): the cosine between two images falls with the squared distance of the points like
 * a Gaussian, so that near points stay near and all far ones are about equally far, as embeddings are.
 */
export function createVectorWriter(
  spec: GenerateSpec,
  clusters: Clusters,
  lineage: Lineage,
  random: RowRandom,
): VectorWriter {
  const { dimensions, intrinsic_dimension: latentDimensions } = spec;
  random.seek(STREAM.map, 0);
  const scale = CURVATURE / (2 * Math.PI * Math.sqrt(latentDimensions));
  const frequencies = Float64Array.from({ length: dimensions * latentDimensions }, () => scale * random.normal());
  const phases = Float64Array.from({ length: dimensions }, () => random.uniform());

  const latent = new Float64Array(latentDimensions);
  const other = new Float32Array(dimensions);

  const addNoise = (length: number, out: Float32Array, offset: number): void => {
    const deviation = length / Math.sqrt(dimensions);
    for (let d = offset; d < offset + dimensions; d++) out[d]! += deviation * random.normal();
  };
  const scaleTo = (length: number, out: Float32Array, offset: number): void => {
    let squares = 0;
    for (let d = offset; d < offset + dimensions; d++) squares += out[d]! * out[d]!;
    const factor = squares > 0 ? length / Math.sqrt(squares) : 0;
    for (let d = offset; d < offset + dimensions; d++) out[d]! *= factor;
  };
  const drawLength = (): number => (spec.normalised ? 1 : 1 + LENGTH_DEVIATION * random.normal());

  /** A point of a document, drawn from the row or query's own numbers; of length about 1. */
  const writePoint = (
    document: Document,
    stream: Stream,
    position: number,
    out: Float32Array,
    offset: number,
  ): void => {
    const { cluster } = document;
    const width = clusters.spreads[cluster]!;
    random.seek(STREAM.document, document.number);
    random.uniform(); // the address
    for (let i = 0; i < latentDimensions; i++) {
      latent[i] = clusters.centres[cluster * latentDimensions + i]! + width * spec.spread * random.normal();
    }
    random.seek(stream, position);
    for (let i = 0; i < latentDimensions; i++) latent[i]! += width * spec.document_spread * random.normal();

    const amplitude = WAVE_NORM / Math.sqrt(dimensions);
    for (let d = 0; d < dimensions; d++) {
      let phase = phases[d]!;
      const start = d * latentDimensions;
      for (let i = 0; i < latentDimensions; i++) phase += frequencies[start + i]! * latent[i]!;
      out[offset + d] = amplitude * wave(phase);
    }
    addNoise(spec.noise, out, offset);
  };

  const writeRow = (row: number, out: Float32Array, offset: number): void => {
    switch (lineage.kindOf(row)) {
      case 'copy':
        return writeRow(lineage.sourceOf(row), out, offset);
      case 'near copy':
        writeRow(lineage.sourceOf(row), out, offset);
        scaleTo(1, out, offset);
        random.seek(STREAM.row, row);
        addNoise(NEAR_COPY_CHANGE * random.uniform(), out, offset);
        break;
      case 'outlier':
        out.fill(0, offset, offset + dimensions);
        random.seek(STREAM.row, row);
        addNoise(1, out, offset);
        break;
      case 'ordinary':
        writePoint(lineage.documentOfRow(row), STREAM.row, row, out, offset);
        break;
    }
    scaleTo(drawLength(), out, offset);
  };

  const writeQuery = (query: number, out: Float32Array, offset: number): void => {
    const document = lineage.documentOfQuery(query);
    writePoint(document, STREAM.query, query, out, offset);
    const far = lineage.otherDocumentOfQuery(query);
    if (far !== null) {
      writePoint(far, STREAM.otherDocument, query, other, 0);
      for (let d = 0; d < dimensions; d++) out[offset + d]! += other[d]!;
    }
    scaleTo(drawLength(), out, offset);
  };
  return { writeRow, writeQuery };
}

/** 1 / root mean square of {@link wave}. */
const WAVE_NORM = Math.sqrt(15 / 8);

/** A sine made of parabolas, of a phase in turns. Its bits do not depend on the platform's mathematical library. */
function wave(turns: number): number {
  const t = turns - Math.floor(turns + 0.5);
  return 8 * t * (1 - 2 * Math.abs(t));
}
