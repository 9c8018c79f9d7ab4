export { checkLogFile } from './lines.js';
export { type LogOptions, type LogParts, readStatementLog } from './read-log.js';
