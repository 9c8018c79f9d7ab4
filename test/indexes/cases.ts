import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ColumnType } from '../../src/indexes/index.js';

interface Sized {
  readonly type: ColumnType;
  readonly dimensions: number;
}

/** Measured facts; see the description in the file. */
export interface SizeCases {
  readonly hnswPages: readonly (Sized & { m: number; elementsByLevel: readonly number[]; pages: number })[];
  readonly ivfflatPages: readonly (Sized & { listSizes: readonly number[]; pages: number })[];
  readonly heapPages: readonly {
    otherBytes: number;
    dimensions: number;
    columnStorage: 'external' | 'plain';
    rows: number;
    pages: number;
  }[];
  readonly hnswSpills: readonly (Sized & { m: number; rows: number; maintenanceWorkMemMb: number; spillRow: number })[];
  readonly ivfflatMemoryErrors: readonly (Sized & {
    rows: number;
    lists: number;
    maintenanceWorkMemMb: number;
    requiredMb: number;
  })[];
  readonly explainCosts: readonly {
    method: string;
    parameters: Record<string, number>;
    settings: Record<string, number>;
    rows: number;
    indexPages: number;
    heapPages: number;
    startup: number;
    total: number;
    plan: 'index' | 'sequential';
  }[];
  readonly publishedSizes: readonly (Sized & { rows: number; m: number; mib: number; url: string })[];
  readonly hnswBuffers: readonly { rows: number; m: number; efSearch: number; buffers: number }[];
}

export const cases = JSON.parse(
  readFileSync(fileURLToPath(new URL('size-cases.json', import.meta.url)), 'utf8'),
) as SizeCases;

export const MB = 1024 ** 2;
