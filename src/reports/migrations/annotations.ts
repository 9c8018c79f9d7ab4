import type { Severity } from '../../findings.js';
import { printable } from '../../printable.js';
import { sarifLog } from '../sarif.js';
import type { Remark } from './remarks.js';

const COMMANDS: Readonly<Record<Severity, string>> = {
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/**
 * Workflow commands of GitHub Actions, one a remark, which appear beside the lines of a pull request.
 *
 * @param folder path of the history from the root of the repository; empty for the root
 */
export const githubAnnotations = (remarks: readonly Remark[], folder: string): string =>
  remarks
    .map(({ code, severity, text, place }) => {
      const properties = [
        ...(place ? [`file=${property(inFolder(folder, place.file))}`, `line=${place.line}`] : []),
        `title=${property(code)}`,
      ];
      return `::${COMMANDS[severity]} ${properties.join(',')}::${message(text)}\n`;
    })
    .join('');

const message = (text: string): string => printable(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const inFolder = (folder: string, file: string): string =>
  folder === '' || folder === '.' ? file : `${folder}/${file}`;

/** The remarks as SARIF 2.1.0. */
export const sarif = (remarks: readonly Remark[], folder: string, version: string): object =>
  sarifLog(
    [...new Set(remarks.map(({ code }) => code))].map((id) => ({ id })),
    remarks.map(({ code, severity, text, place }) => ({
      ruleId: code,
      severity,
      text,
      locations: place ? [lineOf(inFolder(folder, place.file), place.line)] : [],
    })),
    version,
  );

const lineOf = (file: string, line: number): object => ({
  physicalLocation: {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line },
  },
});
