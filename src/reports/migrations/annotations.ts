import type { Severity } from '../../findings.js';
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

const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const inFolder = (folder: string, file: string): string =>
  folder === '' || folder === '.' ? file : `${folder}/${file}`;

const LEVELS: Readonly<Record<Severity, string>> = { high: 'error', medium: 'warning', low: 'note', info: 'note' };

/** The remarks as SARIF 2.1.0, which code scanning services read. */
export function sarif(remarks: readonly Remark[], folder: string, version: string): object {
  const rules = [...new Set(remarks.map(({ code }) => code))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pgvtune', version, rules: rules.map((id) => ({ id })) } },
        results: remarks.map(({ code, severity, text, place }) => ({
          ruleId: code,
          ruleIndex: rules.indexOf(code),
          level: LEVELS[severity],
          message: { text },
          locations: place
            ? [
                {
                  physicalLocation: {
                    artifactLocation: {
                      uri: inFolder(folder, place.file).split('/').map(encodeURIComponent).join('/'),
                    },
                    region: { startLine: place.line },
                  },
                },
              ]
            : [],
        })),
      },
    ],
  };
}
