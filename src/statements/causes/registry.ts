import type { CauseFinder } from './cause.js';
import { computedColumn } from './computed-column.js';
import { offset } from './offset.js';
import { pattern } from './pattern.js';
import { randomOrder } from './random-order.js';

export const CAUSES: readonly CauseFinder[] = [computedColumn, pattern, offset, randomOrder];
