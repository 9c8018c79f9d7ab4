import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * Records hold facts, and searches return them: what is said of them stands in `reports` and `cli`. A machine can see a
 * literal of several words that is no error.
 */

const SRC = join(import.meta.dirname, '../../src');

/** Files and folders in which nothing is said to a reader. */
const SILENT = ['analysis', 'capacity', 'exact', 'experiment', 'library', 'measure', 'nightly', 'results', 'tune'];

/** A literal, with what it interpolates left out, and the code of its statement before it. */
interface Literal {
  readonly text: string;
  readonly before: string;
}

/** Every string and template of a file, without those in comments. */
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
    for (at++; at < source.length && source[at] !== quote; at++)
      text += source[at] === '\\' ? source[++at] : source[at];
    at++;
    add(text, before);
  };
  const template = (): void => {
    const before = code;
    let text = '';
    for (at++; at < source.length && source[at] !== '`';) {
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
  /** A slash divides only behind a value. */
  const isPattern = (): boolean => /(?:^|[(,=:[!&|?{;>]|\breturn)\s*$/.test(code);
  const pattern = (): void => {
    let isInClass = false;
    for (at++; at < source.length && (source[at] !== '/' || isInClass); at++) {
      if (source[at] === '[') isInClass = true;
      else if (source[at] === ']') isInClass = false;
      else if (source[at] === '\\') at++;
    }
    at++;
  };
  /** Reads code up to a brace that closes, or to the end. */
  const codeTo = (end: '}' | null): void => {
    let depth = 0;
    while (at < source.length) {
      const character = source[at]!;
      if (source.startsWith('//', at)) skipTo('\n');
      else if (source.startsWith('/*', at)) skipTo('*/');
      else if (character === '/' && isPattern()) pattern();
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
function isSentence({ text }: Literal): boolean {
  const words = text.trim().split(/\s+/);
  const spoken = words.map((word) => /[a-z]{2}/i.test(word));
  const first = spoken.indexOf(true);
  return first !== -1 && words.length - first >= 4 && spoken.filter(Boolean).length >= 3;
}

/** A statement, or a part of one: a keyword in capitals. */
const isSql = ({ text }: Literal): boolean =>
  /\b(?:ALL|ALTER|AND|AS|BY|COMMENT|COPY|CREATE|DECLARE|DELETE|DROP|EXPLAIN|FROM|IN|INSERT|INTO|IS|JOIN|KEY|NOT|NULL|ON|OR|REINDEX|ROLLBACK|SELECT|SET|TABLE|TO|UPDATE|VACUUM|WHERE|WITH)\b/.test(
    text,
  );

/** In the statement that throws, or makes the error. */
const isOfError = ({ before }: Literal): boolean => /\bthrow\b|\bnew \w*Error\(/.test(before);

/** What pg_stat_progress_create_index calls its phases is compared with, not said. */
const isPhase = ({ text }: Literal): boolean => /^(waiting for|building index:|index validation:) /.test(text);

const sentencesOf = (source: string): readonly string[] =>
  literalsOf(source)
    .filter((literal) => isSentence(literal) && !isSql(literal) && !isOfError(literal) && !isPhase(literal))
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

  it('are told from SQL, and seen behind a pattern with a quote', () => {
    expect(sentencesOf("f('DROP INDEX IF EXISTS it', `SELECT id FROM ${t} LIMIT 1`);")).toEqual([]);
    expect(
      sentencesOf("a.replace(/[/']\\//g, ''); f('It takes too long.'); g(a / b / c, \"It's still too long\");"),
    ).toEqual(['It takes too long.', "It's still too long"]);
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
