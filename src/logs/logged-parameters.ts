/*
 * `parameters: $1 = '[1,2]', $2 = NULL`: BuildParamLogString in src/backend/nodes/params.c writes it. A value that is longer than
 * log_parameter_max_length ends in three dots.
 */

const PARAMETERS = /(?:^|\s)(?:[Pp]arameters|[Пп]араметры): /;
const PARAMETER = /\$(\d+) = (?:NULL|'((?:[^']|'')*)')(?:, |$)/y;

/** Values of parameters by their numbers; without those that are NULL, or were cut off. */
export function readParameters(detail: string): ReadonlyMap<number, string> {
  const values = new Map<number, string>();
  const start = PARAMETERS.exec(detail);
  if (!start) return values;
  PARAMETER.lastIndex = start.index + start[0].length;
  for (let found = PARAMETER.exec(detail); found; found = PARAMETER.exec(detail)) {
    const [, number, value] = found;
    if (value !== undefined && !value.endsWith('...')) values.set(Number(number), value.replaceAll("''", "'"));
  }
  return values;
}
