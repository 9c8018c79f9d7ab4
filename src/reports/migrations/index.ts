export { migrationDocument } from './document.js';
export { MIGRATION_LANGUAGES, type MigrationLanguage, migrationTexts } from './languages.js';
