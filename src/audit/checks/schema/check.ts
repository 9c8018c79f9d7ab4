import { databaseChecks } from '../database.js';

export const schemaCheck = databaseChecks('schema');
