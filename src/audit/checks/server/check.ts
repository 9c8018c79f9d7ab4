import { databaseChecks } from '../database.js';

export const serverCheck = databaseChecks('server');
