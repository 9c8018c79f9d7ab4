import { databaseChecks } from '../database.js';

export const monitoringCheck = databaseChecks('monitoring');
