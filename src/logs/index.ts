export { executionsOfStatement, type StatementExecutions } from './executions-of-statement.js';
export { checkLogFile } from './lines.js';
export { type LogOptions, type LogParts, readStatementLog } from './read-log.js';
