export { ident, literal, qualified } from '../identifiers.js';
