import type { GenerateSpec } from '../../config/index.js';
import { intervalEnds, intervalOf, zipfShares } from './clusters.js';
import type { Document, Lineage } from './lineage.js';
import { createRowRandom, type RowRandom, STREAM } from './row-random.js';

type AttributeSpec = GenerateSpec['attributes'][string];

/** Writes the attributes of a generated dataset, each from its row's number alone. */
export interface AttributeWriter {
  ofRow(row: number): Record<string, unknown>;
  /** The values that a query filters by. */
  ofQuery(query: number): Record<string, unknown>;
}

/**
 * Attributes with a chosen selectivity and a chosen correlation ρ with the vectors.
 *
 * Every column is a function of a place in [0, 1), so that its distribution is exact whatever the vectors are. A row's
 * place is the address of its document with probability |ρ|, and uniform otherwise. A query's place is the address of
 * its own document for ρ ≥ 0, and the address half of the data away for ρ < 0. If all of a query's neighbours shared
 * its address, a share ρ + (1 − ρ)·s of them would match a value of selectivity s, or (1 − |ρ|)·s for ρ < 0: ρ is the
 * correlation that `measureAttributes` defines. Neighbours from other documents bring the achieved one nearer to 0,
 * the more so the more values share a cluster.
 */
export function createAttributeWriter(spec: GenerateSpec, lineage: Lineage): AttributeWriter {
  const columns = Object.entries(spec.attributes).map(([name, column]) => ({
    name,
    column,
    random: createRowRandom(`${spec.seed}/${name}`),
    valueAt: createValues(name, column),
  }));

  return {
    ofRow(row) {
      const document = lineage.documentOfRow(row);
      const values = columns.map(({ name, column, random, valueAt }) => {
        if (column.kind === 'document') return [name, document.number] as const;
        if (isOfDocument(column)) random.seek(STREAM.document, document.number);
        else random.seek(STREAM.row, row);
        const decided = random.uniform() < Math.abs(column.correlation);
        const anywhere = random.uniform();
        return [name, valueAt(decided ? document.address : anywhere, random)] as const;
      });
      return Object.fromEntries(values);
    },
    ofQuery(query) {
      const document = lineage.documentOfQuery(query);
      const values = columns.map(({ name, column, random, valueAt }) => {
        if (column.kind === 'document') return [name, document.number] as const;
        random.seek(STREAM.query, query);
        return [name, valueAt(placeOfQuery(document, column.correlation), random)] as const;
      });
      return Object.fromEntries(values);
    },
  };
}

const isOfDocument = ({ kind }: AttributeSpec): boolean => kind === 'tenant' || kind === 'timestamp';

const placeOfQuery = ({ address }: Document, correlation: number): number =>
  correlation < 0 ? (address + 0.5) % 1 : address;

/** A column's value at a place in [0, 1). What does not depend on the place is drawn. */
type ValueAt = (place: number, random: RowRandom) => unknown;

/** Numbers of one place differ by up to this share of the range, so that rows of a document are alike but not equal. */
const NUMBER_JITTER = 0.02;

const DAY_MS = 86_400_000;

function createValues(name: string, column: AttributeSpec): ValueAt {
  switch (column.kind) {
    case 'category': {
      const values = Math.round(1 / column.selectivity);
      return (place) => `${name}-${Math.floor(place * values)}`;
    }
    case 'boolean':
      return (place) => place < column.share;
    case 'number':
      return (place, random) => {
        const moved = (place + NUMBER_JITTER * random.uniform()) % 1;
        return column.min + moved * (column.max - column.min);
      };
    case 'tags': {
      const ends = intervalEnds(zipfShares(column.values, column.skew));
      const tagAt = (place: number): string => `${name}-${intervalOf(ends, place)}`;
      return (place, random) => {
        const tags = new Set([tagAt(place)]);
        for (let more = random.int(column.per_row); more > 0; more--) tags.add(tagAt(random.uniform()));
        return [...tags];
      };
    }
    case 'json': {
      const values = Math.round(1 / column.selectivity);
      return (place, random) => ({ source: `${name}-${Math.floor(place * values)}`, page: 1 + random.int(100) });
    }
    case 'tenant': {
      const ends = intervalEnds(zipfShares(column.values, column.skew));
      return (place) => `${name}-${intervalOf(ends, place)}`;
    }
    case 'timestamp': {
      const until = Date.parse(column.until);
      return (place) => {
        const ageMs = column.days * DAY_MS * place ** column.recency;
        return `${new Date(until - ageMs).toISOString().slice(0, 19)}Z`;
      };
    }
    case 'document':
      return (place) => place;
  }
}
