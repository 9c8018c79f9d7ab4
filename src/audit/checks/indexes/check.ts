import { databaseChecks } from '../database.js';

export const indexCheck = databaseChecks('indexes');
