import { databaseChecks } from '../database.js';

export const nPlusOneCheck = databaseChecks('n-plus-one');
