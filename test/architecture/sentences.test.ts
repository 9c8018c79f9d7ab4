import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * Records hold facts, and searches return them: what is said of them stands in `reports` and `cli`. A machine can see a
 * literal of several words that is no error.
 */

const SRC = join(import.meta.dirname, '../../src');

/** Files and folders in which nothing is said to a reader. */
const SILENT = ['analysis', 'capacity', 'nightly', 'results', 'tune'];

/** A literal, with what it interpolates left out, and the code of its statement before it. */
interface Literal {
  readonly text: string;
  readonly before: string;
}

/** Every string and template of a file, without those in comments. Slashes of a regular expression must not hold quotes. */
function literalsOf(source: string): readonly Literal[] {
  const literals: Literal[] = [];
  let code = '';
  let at = 0;
  const skipTo = (end: string): void => {
    const found = source.indexOf(end, at);
    at = found === -1 ? source.length : found + end.length;
  };
  const add = (text: string, before: string): void => {
    literals.push({ text, before });
    code += "''";
  };
  const string = (quote: string): void => {
    const before = code;
    let text = '';
    for (at++; source[at] !== quote; at++) text += source[at] === '\\' ? source[++at] : source[at];
    at++;
    add(text, before);
  };
  const template = (): void => {
    const before = code;
    let text = '';
    for (at++; source[at] !== '`';) {
      if (source.startsWith('${', at)) {
        at += 2;
        codeTo('}');
        text += '…';
      } else if (source[at] === '\\') {
        text += source[at + 1];
        at += 2;
      } else text += source[at++];
    }
    at++;
    code = before;
    add(text, before);
  };
  /** Reads code up to a brace that closes, or to the end. */
  const codeTo = (end: '}' | null): void => {
    let depth = 0;
    while (at < source.length) {
      const character = source[at]!;
      if (source.startsWith('//', at)) skipTo('\n');
      else if (source.startsWith('/*', at)) skipTo('*/');
      else if (character === "'" || character === '"') string(character);
      else if (character === '`') template();
      else {
        at++;
        if (character === '{') depth++;
        if (character === '}' && end && depth-- === 0) return;
        code = character === ';' ? '' : code + character;
      }
    }
  };
  codeTo(null);
  return literals;
}

/** Four words in a row, at least, of which one may be interpolated; a key with two numbers is none. */
const isSentence = ({ text }: Literal): boolean =>
  /\S*[a-z]{2}\S*(?:\s+\S+){3,}/i.test(text) && text.split(/\s+/).filter((word) => /[a-z]{2}/i.test(word)).length >= 3;
/** In the statement that throws. */
const isOfError = ({ before }: Literal): boolean => /\bnew \w*Error\(/.test(before);

/** What pg_stat_progress_create_index calls its phases is compared with, not said. */
const isPhase = ({ text }: Literal): boolean => /^(waiting for|building index:|index validation:) /.test(text);

const sentencesOf = (source: string): readonly string[] =>
  literalsOf(source)
    .filter((literal) => isSentence(literal) && !isOfError(literal) && !isPhase(literal))
    .map(({ text }) => text);

function filesOf(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('sentences', () => {
  it('are seen in strings and templates, and neither in comments nor in errors', () => {
    expect(sentencesOf("const a = 'It takes too long.';")).toEqual(['It takes too long.']);
    expect(sentencesOf('const a = `${n} of ${most} rows came back`;')).toEqual(['… of … rows came back']);
    expect(sentencesOf("f(`a${g('It takes too long')}b`); /* nor is it said here */ // or said down here")).toEqual([
      'It takes too long',
    ]);
    expect(sentencesOf('seed(`change point ${nights} ${draws}`); f(`took ${n} of ${most} rows`);')).toEqual([
      'took … of … rows',
    ]);
    expect(sentencesOf("throw new RangeError(`Expected 2 to ${n} folds.`); f('two words');")).toEqual([]);
    expect(
      sentencesOf("if (a) throw new PgvtuneError('usage', 'It is too many.', { hint: 'Ask for fewer, then.' });"),
    ).toEqual([]);
  });

  it.each(SILENT)('are not said by src/%s', (path) => {
    const files = filesOf(join(SRC, path));
    expect(files.length).toBeGreaterThan(0);
    const said = files.flatMap((file) =>
      sentencesOf(readFileSync(file, 'utf8')).map((text) => `${relative(SRC, file)}: ${text}`),
    );
    expect(said).toEqual([]);
  });
});
