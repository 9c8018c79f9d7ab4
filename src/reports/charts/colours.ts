/** Of the indexes of a chart, in turn. */
export const COLOURS = [
  '#1f5a9e',
  '#d9730d',
  '#3d8f5f',
  '#a03b6b',
  '#6d5bae',
  '#8a6d3b',
  '#2a9db5',
  '#b5443b',
  '#5f6b7a',
  '#96a12d',
];
