/** A name of the server, quoted for a statement that is only shown; whatever it holds, a text can be made of it. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
