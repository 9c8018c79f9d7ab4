/** Messages quote what stands in files and on servers: a terminal must not obey it. */
export const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\n]/gu, '\u{fffd}');
