import type { FigureComparison, RunComparison, SeriesComparison } from '../../nightly/index.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import { printable } from '../../printable.js';
import { figureText, ratioDifference, shareDifference } from '../nightly/figures.js';

/** One figure as a test case: passed when the same, failed when different, skipped when unknown. */
interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly answer: FigureComparison['answer'];
  readonly message: string;
}

/** A comparison of two runs as JUnit XML, which most systems of continuous integration read. Undecided figures are skipped. */
export function junitXml(comparison: RunComparison): string {
  const cases = comparison.series.flatMap(casesOf);
  const count = (answer: TestCase['answer']): number => cases.filter((one) => one.answer === answer).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgvtune compare" tests="${cases.length}" failures="${count('different')}" skipped="${count('unknown')}">`,
    `  <testsuite name="${escapeXml(`${comparison.candidate} against ${comparison.base}`)}" tests="${cases.length}" failures="${count('different')}" skipped="${count('unknown')}">`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** What differs as annotations of a GitHub workflow, one line each. */
export const githubComparison = ({ series }: RunComparison): string =>
  series
    .flatMap(casesOf)
    .filter(({ answer }) => answer !== 'same')
    .map(
      ({ suite, name, answer, message }) =>
        `::${answer === 'different' ? 'error' : 'notice'} title=${escapeProperty(`${suite}, ${name}`)}::${escapeData(message)}\n`,
    )
    .join('');

function casesOf({ spec, equalRecall, settings }: SeriesComparison): readonly TestCase[] {
  const suite = describeSpec(spec);
  return [
    ...equalRecall.map(({ recall, answer, difference }) => ({
      suite,
      name: `buffers at recall ${recall}`,
      answer,
      message: ratioDifference(difference),
    })),
    ...settings.flatMap(({ settings: of, figures, lost }): readonly TestCase[] => {
      const name = describeSettings(of);
      if (lost) return [{ suite, name, answer: 'different', message: `The ${lost.side} has no figures.` }];
      return figures
        .filter(({ decides }) => decides)
        .map((one) => ({
          suite,
          name: `${name}: ${one.figure}`,
          answer: one.answer,
          message: `${figureText(one.figure, one.base)} → ${figureText(one.figure, one.candidate)}, ${one.figure === 'recall' || one.figure === 'completeness' ? shareDifference(one.difference) : ratioDifference(one.difference)}`,
        }));
    }),
  ];
}

function caseXml({ suite, name, answer, message }: TestCase): string {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  if (answer === 'same') return `${open}/>`;
  const child = answer === 'different' ? 'failure' : 'skipped';
  return `${open}><${child} message="${escapeXml(message)}"/></testcase>`;
}

const escapeXml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const escapeData = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
