import type { ImportNote } from '../datasets/index.js';
import { formatCount } from '../units.js';

/** What an import has to say, as a sentence. */
export function importNoteText(note: ImportNote): string {
  switch (note.code) {
    case 'rows-left-out': {
      const { table, missing, notFinite, zero, first } = note.data;
      const all = missing + notFinite + zero;
      const reasons = [
        ...(missing > 0 ? [`${formatCount(missing)} without a vector`] : []),
        ...(notFinite > 0 ? [`${formatCount(notFinite)} with NaN or a number beyond float32`] : []),
        ...(zero > 0 ? [`${formatCount(zero)} of zeros`] : []),
      ];
      const named = first.join(', ') + (all > first.length ? ', …' : '');
      const noun = table === 'base' ? 'rows' : 'queries';
      return `Left out ${formatCount(all)} ${noun}: ${reasons.join(', ')} (ids ${named}).`;
    }
    case 'neighbours-from-one':
      return 'The neighbours in the file count the rows from 1; they are kept counting from 0.';
    case 'neighbours-of-more-rows': {
      const { unknown, of } = note.data;
      return `The neighbours in the file are not kept: ${formatCount(unknown)} of ${formatCount(of)} are rows that are not there, so they belong to a larger set. Exact neighbours will be computed.`;
    }
    case 'neighbours-of-left-out':
      return 'The neighbours in the file are not kept, because rows are left out. Exact neighbours will be computed.';
    case 'files-ignored':
      return `Not read: ${note.data.files.join(', ')}. The exact neighbours of filtered queries are computed for the filters that are measured.`;
  }
}
