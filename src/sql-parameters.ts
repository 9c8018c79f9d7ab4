/** Constants and quoted names, whose quotes are doubled within, remarks, and parameters: of SQL that this program writes. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\$\d+/g;

/** Puts something else for the parameters of a statement; a constant or a quoted name may hold what looks like one. */
export const replaceParameters = (sql: string, replacement: (number: number) => string): string =>
  sql.replaceAll(TOKEN, (token) => (token.startsWith('$') ? replacement(Number(token.slice(1))) : token));
