/** `PREPARE name (types) AS`, with comments and blanks before it. */
const PREPARE =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*PREPARE\s+(?:"(?:[^"]|"")*"|[\w$]+)\s*(?:\((?:[^()]|\([^()]*\))*\)\s*)?AS\s+/i;

/** The statement that a PREPARE is of: pg_stat_statements keeps the text of both for what EXECUTE runs. */
export const preparedText = (text: string): string => text.replace(PREPARE, '');
