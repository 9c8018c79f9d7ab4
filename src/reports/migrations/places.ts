import type { Place, Sight } from '../../migrations/index.js';
import { code } from '../text/markdown.js';

/** More places than these are only counted. */
const SHOWN = 8;

/** `versions/a.py:12`, as code. */
export const placeText = ({ file, line }: Place): string => code(`${file}:${line}`);

/** Revision and place: `3f2a` (`versions/a.py:12`). */
export const sightText = (sight: Sight): string => `${code(sight.revision)} (${placeText(sight)})`;

/** Some items, and how many more there are. @param more the words for the others, such as `and 3 more` */
export function someOf(items: readonly string[], more: (count: number) => string, shown = SHOWN): string {
  const first = items.slice(0, shown);
  return [first.join(', '), ...(items.length > first.length ? [more(items.length - first.length)] : [])].join(' ');
}
