/** `a, b, and c` */
export const list = (items: readonly string[]): string => new Intl.ListFormat('en').format(items);

/** The day of a moment in ISO 8601: `2026-11-29`. */
export const date = (iso: string): string => iso.slice(0, 10);
