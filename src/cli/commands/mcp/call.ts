import { join } from 'node:path';
import { Writable } from 'node:stream';
import { PgvtuneError } from '../../../errors.js';
import type { Io } from '../../io.js';
import type { RedactingIo } from '../../redacting-io.js';
import { type Answer, markdownOf, RENDER, visible, visibleIn } from './answer.js';
import { openPlace } from './place.js';
import type { Tool } from './tools.js';

/** The command line, given so that this command does not import the one that holds it. */
export type RunCommand = (argv: readonly string[], io: Io) => Promise<number>;

export interface ToolResult {
  readonly isError: boolean;
  readonly text: string;
  /** Null where the command failed. */
  readonly document: Answer | null;
}

/**
 * Runs the command behind a tool as a user would have, with `--json`; passwords are masked where every output is.
 *
 * @param tell told lines of progress
 */
export async function callTool(
  tool: Tool,
  given: unknown,
  io: RedactingIo,
  {
    run,
    tell,
    signal,
  }: { readonly run: RunCommand; readonly tell: (line: string) => void; readonly signal: AbortSignal },
): Promise<ToolResult> {
  const input = tool.input.safeParse(given ?? {});
  if (!input.success) {
    const problems = input.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
    return failure(tool, 'usage', problems.join('; '));
  }
  const place = openPlace(io.cwd);
  try {
    const argv = tool.argv(input.data as never, place);
    const [stdout, stderr] = [collecting(), telling(tell)];
    await run([...argv, '--json', '--no-color'], { ...io, stdout, stderr, signal });
    const document = JSON.parse(stdout.text()) as Answer;
    const { error } = document as { readonly error?: { code: string; message: string; hint?: string } };
    if (error) return failure(tool, error.code, [error.message, error.hint].filter(Boolean).join(' '));
    const folder = typeof document['run'] === 'string' ? join(place.path, 'results', document['run']) : place.path;
    const lines = (await RENDER[tool.name]!(document, folder)).map((line) => io.redacted(line));
    const shown = visibleIn(withoutPlace(document, place.path)) as Answer;
    return { isError: false, text: markdownOf(tool.title, lines, true), document: shown };
  } catch (error) {
    if (error instanceof PgvtuneError) {
      return failure(tool, error.code, io.redacted([error.message, error.hint].filter(Boolean).join(' ')));
    }
    throw error;
  } finally {
    place.remove();
  }
}

/** Paths of the copy mean nothing to anybody: the reports are those of the run. */
const withoutPlace = (document: Answer, path: string): unknown =>
  JSON.parse(JSON.stringify(document).replaceAll(`${path}/`, ''));

const failure = ({ title }: Tool, code: string, message: string): ToolResult => ({
  isError: true,
  text: markdownOf(title, [`failed (${code}): ${message}`], false),
  document: null,
});

function collecting(): Writable & { readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { text: () => chunks.join('') });
}

const telling = (tell: (line: string) => void): Writable =>
  new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line.trim() !== '') tell(visible(line));
      done();
    },
  });
