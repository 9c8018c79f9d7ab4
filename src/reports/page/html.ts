import { printable } from '../../printable.js';

/** Text as it is: nothing in it becomes markup. */
export const escapeHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** JSON for a data block of a page: nothing in it can end the block. */
export const jsonForHtml = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A table; cells are HTML already. Columns whose header ends with `>` are numbers. */
export function htmlTable(caption: string, headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = headers.map((header) => header.endsWith('>'));
  const head = headers.map(
    (header, i) => `<th scope="col"${classOf(isNumber[i])}>${escapeHtml(header.replace(/>$/, ''))}</th>`,
  );
  const body = rows.map((cells) => {
    const [first = '', ...rest] = cells.map((cell, i) =>
      i === 0 ? `<th scope="row">${cell}</th>` : `<td${classOf(isNumber[i])}>${cell}</td>`,
    );
    return `<tr>${first}${rest.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const classOf = (isNumber: boolean | undefined): string => (isNumber ? ' class="number"' : '');
