export { githubAnnotations, sarif } from './annotations.js';
export { migrationDocument } from './document.js';
export type { MigrationLanguage } from './languages.js';
export { migrationRemarks } from './remarks.js';
