import type { Random } from '../random.js';
import { createRandom } from '../random.js';
import { INDEX_PAGE_BYTES, LINE_POINTER_BYTES, maxAlign } from './page-layout.js';

/** What decides how many elements of an HNSW index share a page. */
export interface HnswLayout {
  readonly m: number;
  /** Of the stored vector; see {@link valueBytes}. */
  readonly valueBytes: number;
}

/** The largest tuple that a page can hold. Source: pgvector `hnsw.h` HNSW_MAX_SIZE. */
const MAX_TUPLE_BYTES = INDEX_PAGE_BYTES - LINE_POINTER_BYTES;

/** Elements beyond which {@link hnswPages} scales a sample instead of packing every one: 0.1 % noise. */
const SAMPLED_ELEMENTS = 50_000;

/** Source: pgvector `hnsw.h` HNSW_ELEMENT_TUPLE_SIZE: header, ten heap row addresses, one neighbour address, value. */
const elementTupleBytes = ({ valueBytes }: HnswLayout): number => maxAlign(72 + valueBytes);

/** Source: pgvector `hnsw.h` HNSW_NEIGHBOR_TUPLE_SIZE: every slot is allocated, 2m at level 0 and m at each above. */
const neighborTupleBytes = ({ m }: HnswLayout, level: number): number => maxAlign(4 + 6 * m * (level + 2));

/** The highest level an element may have. Source: pgvector `hnsw.h` HnswGetMaxLevel. */
export const hnswMaxLevel = (m: number): number =>
  Math.min(Math.floor(Math.floor((MAX_TUPLE_BYTES - 4) / 6) / m) - 2, 63);

/** Draws an element's level: P(level ≥ l) = m^−l. Source: pgvector `hnswutils.c` HnswInitElement. */
export const sampleHnswLevel = (m: number, random: Random): number =>
  Math.min(Math.floor(-Math.log(1 - random.next()) / Math.log(m)), hnswMaxLevel(m));

/** Data pages (without the metapage) after packing the elements of these levels in this order. */
function packPages(layout: HnswLayout, elements: number, levelOf: (element: number) => number): number {
  const element = elementTupleBytes(layout);
  const neighborsByLevel = Array.from({ length: hnswMaxLevel(layout.m) + 1 }, (_, l) => neighborTupleBytes(layout, l));
  let pages = 1;
  let free = INDEX_PAGE_BYTES;
  const room = (): number => free - LINE_POINTER_BYTES;
  const turnPage = (): void => {
    pages++;
    free = INDEX_PAGE_BYTES;
  };
  for (let i = 0; i < elements; i++) {
    const neighbors = neighborsByLevel[levelOf(i)]!;
    const together = element + neighbors + LINE_POINTER_BYTES;
    if (room() < element || (together <= MAX_TUPLE_BYTES && room() < together)) turnPage();
    free -= element + LINE_POINTER_BYTES;
    if (room() < neighbors) turnPage();
    free -= neighbors + LINE_POINTER_BYTES;
  }
  return pages;
}

/**
 * Pages of an index whose elements have exactly these levels, written in this order.
 *
 * Source: pgvector `hnswbuild.c` CreateMetaPage, CreateGraphPages.
 */
export const hnswPagesOfLevels = (layout: HnswLayout, levels: ArrayLike<number>): number =>
  1 + packPages(layout, levels.length, (i) => levels[i]!);

/** Pages of an index of `elements` elements whose levels are drawn one after another; as exact as the draw is typical. */
export const simulateHnswPages = (layout: HnswLayout, elements: number, random: Random): number =>
  1 + packPages(layout, elements, () => sampleHnswLevel(layout.m, random));

/**
 * Elements of level 0 that share a page: 4 for 384 dimensions at m = 16. One half when an element and its neighbours
 * do not fit on one page together, so that each element takes two.
 *
 * Source: pgvector `hnswbuild.c` CreateGraphPages.
 */
export function hnswElementsPerPage(layout: HnswLayout): number {
  const element = elementTupleBytes(layout);
  const neighbors = neighborTupleBytes(layout, 0);
  if (element + neighbors + LINE_POINTER_BYTES > MAX_TUPLE_BYTES) return 0.5;
  return Math.floor(INDEX_PAGE_BYTES / (element + neighbors + 2 * LINE_POINTER_BYTES));
}

/**
 * Pages in closed form, as if every element were at level 0. Too low by under 1 % as a rule, and by up to 1.6/m (10 %
 * at m = 16) at the last dimensions of a step, where elements with upper levels no longer fit in; use
 * {@link hnswPages} where that matters.
 */
export const hnswPagesClosedForm = (layout: HnswLayout, elements: number): number =>
  1 + Math.max(1, Math.ceil(elements / hnswElementsPerPage(layout)));

/**
 * Expected pages: packs elements of typical levels, from a fixed seed. Within 1 % of real indexes above 500 pages, but
 * for the last dimensions of a step, where the levels that a small index happens to draw move its size by more.
 *
 * An element is a distinct vector: up to ten rows with the same vector share one, and NULL has none, nor has, under
 * cosine, the zero vector (pgvector `hnsw.h` HNSW_HEAPTIDS, `hnswutils.c` HnswFormIndexValue).
 */
export function hnswPages(layout: HnswLayout, elements: number): number {
  if (elements <= SAMPLED_ELEMENTS) return typicalPages(layout, elements);
  const sampled = typicalPages(layout, SAMPLED_ELEMENTS) - 1;
  return 1 + Math.ceil((sampled * elements) / SAMPLED_ELEMENTS);
}

/** A search predicts many indexes that differ in nothing that their size depends on. */
const packed = new Map<string, number>();

function typicalPages(layout: HnswLayout, elements: number): number {
  const key = `${layout.m} ${layout.valueBytes} ${elements}`;
  const pages = packed.get(key) ?? simulateHnswPages(layout, elements, createRandom('hnsw levels'));
  packed.set(key, pages);
  return pages;
}
