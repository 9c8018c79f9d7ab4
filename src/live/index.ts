export { takeMeasurementSnapshot } from './measurement-snapshot.js';
