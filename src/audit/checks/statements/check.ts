import { databaseChecks } from '../database.js';

export const statementCheck = databaseChecks('statements');
