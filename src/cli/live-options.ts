import { type Command, InvalidArgumentError, Option } from 'commander';
import type { NamedJoin } from '../live/index.js';
import { type CommonOptions, wholeNumber, withCommonOptions } from './options.js';

/** Options of the commands that read somebody's table. */
export interface LiveOptions extends CommonOptions {
  readonly server: string;
  readonly column?: string;
  readonly where?: string;
  readonly queryLog?: string;
  readonly queryTable?: string;
  readonly queryColumn?: string;
  readonly deadline: string;
  readonly seed: number;
}

/** Options of those that look into tables beside it. */
export interface JoinOptions {
  readonly join?: readonly NamedJoin[];
}

/** Without it there is nothing to read. */
export const tableOption = (): Option =>
  new Option('--table <table>', 'as in SQL, with its schema: app.items').makeOptionMandatory();

/** @param rows options that say which rows are read */
export const withLiveOptions = (command: Command, ...rows: readonly Option[]): Command =>
  withCommonOptions(
    rows
      .reduce(
        (all, option) => all.addOption(option),
        command.requiredOption('--server <server>', 'env, or postgres://user@host/database; nothing is written there'),
      )
      .option('--column <column>', 'column of vectors; default: the only one')
      .option('--where <condition>', 'only rows that meet this SQL condition; it runs with your own rights, read-only')
      .option('--query-log <file>', "a file with the application's query vectors, in any format of dataset import")
      .option('--query-table <table>', "a table with the application's query vectors")
      .option('--query-column <column>', 'column of vectors in it; default: the only one')
      .option('--deadline <duration>', 'time limit of one statement', '30s')
      .option('--seed <number>', 'seed of every random choice', wholeNumber, 1),
  );

export const withJoinOption = (command: Command): Command =>
  command.option(
    '--join <table:column>',
    'joins a table by its primary key, where no foreign key says so; repeatable',
    namedJoin,
  );

/** The column is of the table before: of that of the vectors first. */
function namedJoin(text: string, before: readonly NamedJoin[] = []): readonly NamedJoin[] {
  const [, table, column] = /^\s*(.+):([^:]+?)\s*$/.exec(text) ?? [];
  if (table === undefined || column === undefined) throw new InvalidArgumentError('Expected table:column.');
  return [...before, { table, column }];
}

/** Values of a statement's parameters, as `parseParameter` reads them. */
export const withParameterOption = (command: Command): Command =>
  command.option(
    '--param <number=value>',
    'value of a parameter, such as 2=10; repeatable',
    (text: string, before?: readonly string[]): readonly string[] => [...(before ?? []), text],
  );

/** Options of those that measure an application's statement. */
export interface LoggedParameterOptions {
  readonly paramsFrom?: readonly string[];
  readonly logLinePrefix?: string;
}

export const withLoggedParameters = (command: Command): Command =>
  command
    .option(
      '--params-from <log>',
      "with --sql: vectors and parameters of its executions in the server's log (csvlog, jsonlog, stderr); repeatable",
      (path: string, before?: readonly string[]): readonly string[] => [...(before ?? []), path],
    )
    .option('--log-line-prefix <prefix>', "log_line_prefix of a stderr log (default: the server's)");

/** A whole number from 1. */
export function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}
