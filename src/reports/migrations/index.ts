export { githubAnnotations, sarif } from './annotations.js';
export { migrationDocument } from './document.js';
export { squashFiles } from './squash-files.js';
export { driftText } from './drift.js';
export { lackText } from './lack.js';
export { migrationRemarks } from './remarks.js';
export { wayBackText } from './time-section.js';
