import pc from 'picocolors';
import type { Io } from './io.js';

/** Colours for standard output: only on a terminal, and not when somebody said no. */
export function style(io: Io, { color }: { readonly color: boolean }) {
  return pc.createColors(color && io.stdout.isTTY === true && !io.env['NO_COLOR']);
}

export type Colors = ReturnType<typeof style>;
