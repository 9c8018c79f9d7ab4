import { PgvtuneError } from '../errors.js';
import type { Random } from '../random.js';
import { limitParameters, loadGrammar, readSelect, valuesOfExecution } from '../statements/index.js';
import { readParameters } from './logged-parameters.js';
import { eachExecution, type LogOptions } from './read-log.js';
import { readTags } from './tags.js';

/** One execution of a statement. */
export interface LoggedExecution {
  /** File and line. */
  readonly label: string;
  /** Values of the statement's parameters by their numbers: as an application sent them, so never shown. */
  readonly values: ReadonlyMap<number, string>;
}

export interface StatementExecutions {
  readonly executions: readonly LoggedExecution[];
  /** The commonest LIMIT, by the number of its parameter; none where the text has it. */
  readonly limits: ReadonlyMap<number, string>;
}

/** Executions that are kept: of more, a random sample. */
const MOST_KEPT = 2000;

/**
 * Executions of one statement, with parameters of their own or with constants in their places.
 *
 * @param statement one SELECT with parameters
 * @throws {PgvtuneError} `usage` for a file that cannot be read or is no log, and where none was found; `interrupted`
 */
export async function executionsOfStatement(
  statement: string,
  options: LogOptions & { readonly random: Random },
): Promise<StatementExecutions> {
  await loadGrammar();
  const root = readSelect(statement.trim().replace(/\s*;$/, ''));
  const kept: LoggedExecution[] = [];
  let [seen, found] = [0, 0];
  await eachExecution(options, ({ text, parameters, place }) => {
    seen++;
    const values = valuesOfExecution(root, readTags(text).text, readParameters(parameters));
    if (!values) return;
    // Algorithm R.
    const slot = found < MOST_KEPT ? found : options.random.int(found + 1);
    found++;
    if (slot < MOST_KEPT) kept[slot] = { label: `${place.file}:${place.line}`, values };
  });
  const limits = limitParameters(root).limit.map((number) => [number, commonest(kept, number)] as const);
  if (found > 0) return { executions: kept, limits: new Map(limits) };
  throw new PgvtuneError(
    'usage',
    `None of ${seen} executions in the log is of the statement, with all its parameters.`,
    {
      hint: 'Log it as the application sends it (log_min_duration_statement, with log_parameter_max_length = -1), and give its text with the same names and conditions.',
    },
  );
}

function commonest(executions: readonly LoggedExecution[], number: number): string {
  const counts = new Map<string, number>();
  for (const { values } of executions) counts.set(values.get(number)!, (counts.get(values.get(number)!) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
