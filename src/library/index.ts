export { clean, type Cleaned, type CleanOptions } from './clean.js';
export { doctor, type DoctorReport } from './doctor.js';
export { explain, type ExplainOptions } from './explain.js';
export { recall, type RecallOptions } from './recall.js';
export { runSearch, type SearchOptions } from './run-search.js';
export { sampleTable, type SampleTableOptions } from './sample-table.js';
