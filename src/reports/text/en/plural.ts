import { formatCount } from '../../../units.js';
import { pluralsOf } from '../plural.js';

/** `1 session`, `3 sessions` */
export const plural = pluralsOf<'one' | 'other'>('en');

/** `1,000 random rows` */
export const randomRows = (rows: number): string => plural(rows, { one: 'random row', other: 'random rows' });

/** `331 buffers`: a mean, to the nearest whole one. */
export const bufferCount = (buffers: number): string =>
  plural(Math.round(buffers), { one: 'buffer', other: 'buffers' });

/** `1 of 12 queries has …`, `3 of 12 queries have …`: the verb agrees with the part. */
export const partOf = (part: number, whole: number, verb: { readonly one: string; readonly other: string }): string =>
  `${formatCount(part)} of ${plural(whole, { one: 'query', other: 'queries' })} ${part === 1 ? verb.one : verb.other}`;
