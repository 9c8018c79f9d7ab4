import { PgvtuneError } from '../../errors.js';
import type { Filter } from '../../filter.js';
import { jsonPathOf } from '../../json-path.js';
import { type Attributes, valueReader } from './columns.js';
import { namesOf } from './conditions.js';
import { hasMembers, memberOf } from './json-text.js';

/** Members that a refusal names. */
const SHOWN = 10;

/**
 * Refuses a path that leads to nothing in any row: it has a key that is written otherwise.
 *
 * @throws {PgvtuneError} `usage`
 */
export async function checkMembers(
  filter: Filter,
  { rows }: { readonly rows: () => AsyncIterable<{ readonly attributes: Attributes }> },
): Promise<void> {
  for (const name of namesOf(filter)) {
    const path = jsonPathOf(name);
    if (path === null) continue;
    const read = valueReader(name);
    const beside = new Set<string>();
    let isThere = false;
    for await (const { attributes } of rows()) {
      isThere = read(attributes) !== null;
      if (isThere) break;
      const parent = memberOf(attributes[path.column], path.keys.slice(0, -1));
      if (beside.size < SHOWN && hasMembers(parent)) for (const key of Object.keys(parent)) beside.add(key);
    }
    if (isThere) continue;
    const known = [...beside].slice(0, SHOWN).map((key) => JSON.stringify(key));
    throw new PgvtuneError('usage', `No row has a value at ${name}.`, {
      hint: known.length > 0 ? `There are ${known.join(', ')}.` : 'No row has members there.',
    });
  }
}
