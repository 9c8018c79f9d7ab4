import { databaseChecks } from '../database.js';

export const vectorCheck = databaseChecks('vectors');
