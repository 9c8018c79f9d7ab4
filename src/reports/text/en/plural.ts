import { pluralsOf } from '../plural.js';

/** `1 session`, `3 sessions` */
export const plural = pluralsOf<'one' | 'other'>('en');
