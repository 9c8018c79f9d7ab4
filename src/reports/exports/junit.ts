import type { FigureComparison, RunComparison, SeriesComparison } from '../../nightly/index.js';
import { shortHash } from '../../canonical-json.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import { printable } from '../../printable.js';
import { escapeHtml } from '../page/html.js';
import { failedBuildText } from '../nightly/compare.js';
import { figureText, ratioDifference, shareDifference } from '../nightly/figures.js';

/** One figure as a test case: passed when the same, failed when different, skipped when unknown. */
interface TestCase {
  /** Index and workload, for a reader. */
  readonly suite: string;
  /** Of the series: with it names are unique and, whatever else was measured, the same every night. */
  readonly id: string;
  readonly name: string;
  readonly answer: FigureComparison['answer'];
  readonly message: string;
}

/** A comparison of two runs as JUnit XML, which most systems of continuous integration read. Undecided figures are skipped. */
export function junitXml(comparison: RunComparison): string {
  const cases = casesOf(comparison);
  const count = (answer: TestCase['answer']): number => cases.filter((one) => one.answer === answer).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgvtune compare" tests="${cases.length}" failures="${count('different')}" skipped="${count('unknown')}">`,
    `  <testsuite name="${escapeHtml(`${comparison.candidate} against ${comparison.base}`)}" tests="${cases.length}" failures="${count('different')}" skipped="${count('unknown')}">`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** What differs as annotations of a GitHub workflow, one line each. */
export const githubComparison = (comparison: RunComparison): string =>
  casesOf(comparison)
    .filter(({ answer }) => answer !== 'same')
    .map(
      ({ suite, name, answer, message }) =>
        `::${answer === 'different' ? 'error' : 'notice'} title=${escapeProperty(`${suite}, ${name}`)}::${escapeData(message)}\n`,
    )
    .join('');

const casesOf = ({ failedBuilds, series }: RunComparison): readonly TestCase[] => [
  ...failedBuilds.map((one): TestCase => ({
    suite: describeSpec(one.spec),
    id: shortHash(one.spec),
    name: 'build',
    answer: 'different',
    message: failedBuildText(one),
  })),
  ...series.flatMap(casesOfSeries),
];

function casesOfSeries({ key, spec, workload, equalRecall, settings }: SeriesComparison): readonly TestCase[] {
  const suite = [describeSpec(spec), ...(workload.kind === 'plain' ? [] : [workload.strategy])].join(', ');
  const id = shortHash(key);
  return [
    ...equalRecall.map(({ recall, answer, difference }) => ({
      suite,
      id,
      name: `buffers at recall ${recall.toFixed(3)}`,
      answer,
      message: ratioDifference(difference),
    })),
    ...settings.flatMap(({ settings: of, figures, lost }): readonly TestCase[] => {
      const name = describeSettings(of);
      if (lost) return [{ suite, id, name, answer: 'different', message: `The ${lost.side} has no figures.` }];
      return figures
        .filter(({ decides }) => decides)
        .map((one) => ({
          suite,
          id,
          name: `${name}: ${one.figure}`,
          answer: one.answer,
          message: `${figureText(one.figure, one.base)} → ${figureText(one.figure, one.candidate)}, ${one.figure === 'recall' || one.figure === 'completeness' ? shareDifference(one.difference) : ratioDifference(one.difference)}`,
        }));
    }),
  ];
}

/** So few that they can be read, and enough to keep some hundred series apart. */
const ID_DIGITS = 8;

function caseXml({ suite, id, name, answer, message }: TestCase): string {
  const open = `    <testcase classname="${escapeHtml(`${suite} (${id.slice(0, ID_DIGITS)})`)}" name="${escapeHtml(name)}"`;
  if (answer === 'same') return `${open}/>`;
  const child = answer === 'different' ? 'failure' : 'skipped';
  return `${open}><${child} message="${escapeHtml(message)}"/></testcase>`;
}

const escapeData = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
