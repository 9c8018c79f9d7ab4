import { pluralsOf } from '../../text/plural.js';

export const plural = pluralsOf<'one' | 'few' | 'many'>('ru');
