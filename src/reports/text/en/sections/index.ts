import * as answer from './answer.js';
import * as capacity from './capacity.js';
import * as measurements from './measurements.js';
import { statement } from './statement.js';
import { words } from './words.js';
import * as workloads from './workloads.js';

/** What the reports of a run say besides their facts: headings, columns, and what explains a table. */
export const sections = { words, statement, ...answer, ...capacity, ...measurements, ...workloads };
