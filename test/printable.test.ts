import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableLine, printableOnTerminal } from '../src/printable.js';
import { drawSvg } from '../src/reports/charts/draw.js';
import { code, escapeText } from '../src/reports/text/markdown.js';

const ESC = '\u001b';
/** What must not come through, and stands for its kind: controls, marks of direction, separators, halves of pairs. */
const HOSTILE = ['\u0000', '\u0007', '\b', '\u009b', '\u202e', '\u2066', '\u200f', '\u2028', '\ud800', '\uffff'];

describe('text from files and servers', () => {
  it.each(HOSTILE)('is shown without %j, wherever it is shown', async (character) => {
    const text = `a${character}b`;
    expect(printable(text)).toBe('a\ufffdb');
    expect(printableOnTerminal(text)).toBe('a\ufffdb');
    expect(escapeText(text)).toBe('a\ufffdb');
    expect(code(text)).toBe('`a\ufffdb`');
    expect(await drawSvg({ title: { text } })).not.toContain(character);
  });

  it('cannot steer a terminal but by what this program itself uses', () => {
    const own = `${ESC}[31mred${ESC}[0m ${ESC}[2K${ESC}[?25l\r`;
    expect(printableOnTerminal(own)).toBe(own);
    expect(printableOnTerminal(`${ESC}]0;title\u0007${ESC}P1$r${ESC}c`)).not.toContain(ESC);
    expect(printable(own)).not.toContain(ESC);
  });

  it('is otherwise as it was: tabs, newlines, umlauts, emoji and right-to-left scripts', () => {
    const text = 'a\tb\nÄ 👩‍🔬 שלום 日本';
    expect(printable(text)).toBe(text);
    expect(printableOnTerminal(text)).toBe(text);
  });

  it('stays on its line where it has to', () => {
    expect(printableLine('a\nb\tc\r\nd  e\u202e')).toBe('a b c d  e\ufffd');
  });

  it('is printable once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(printable(text))).toBe(printable(text));
        expect(printable(text)).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});
