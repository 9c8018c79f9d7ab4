import type { FileProblem, Revision, Script } from '../history.js';
import { Program } from '../python/program.js';
import { childrenOf, pythonSource } from '../python/source.js';
import { literalParts } from '../python/strings.js';
import { textOf, type Value } from '../python/values.js';
import type { SourceFile } from '../source-file.js';
import { collector } from './collect.js';

/** Whether a text looks like a revision of Alembic. */
export const isRevision = (text: string): boolean => /^(down_)?revision\b\s*(:[^=]+)?=/m.test(text);

/** Reads one revision; null for a file without an identifier. Problems of the file are added to the list. */
export function readRevision({ path, text }: SourceFile, problems: FileProblem[]): Revision | null {
  const source = pythonSource(text);
  const at = (line: number) => ({ file: path, line });
  if (source.halfWritten) problems.push({ code: 'half-written', place: at(firstErrorLine(source)) });
  const collected = collector(path);
  const program = new Program(source, collected.libraries);
  collected.take();
  const id = textOf(program.module.get('revision'));
  if (id === undefined) {
    problems.push({ code: 'no-revision', place: at(1) });
    return null;
  }
  const functionLine = (name: string): number =>
    text.slice(0, Math.max(0, text.search(new RegExp(`^(async )?def ${name}\\b`, 'm')))).split('\n').length;
  const script = (name: string): Script | null => {
    if (!program.run(name)) return null;
    return { place: at(functionLine(name)), operations: collected.take() };
  };
  const up = script('upgrade');
  if (!up) problems.push({ code: 'no-upgrade', place: at(1) });
  const down = script('downgrade');
  const doc = docstringOf(source);
  return {
    id,
    parents: namesOf(program.module.get('down_revision')),
    dependsOn: namesOf(program.module.get('depends_on')),
    branchLabels: namesOf(program.module.get('branch_labels')),
    title: doc.split('\n')[0]?.trim() || null,
    createdOn: /^Create Date:\s*(\d{4}-\d\d-\d\d)/m.exec(doc)?.[1] ?? null,
    file: path,
    lines: text.split('\n').length,
    up: up ?? { place: at(1), operations: [] },
    down: wayBack(down, up, text),
  };
}

/** A downgrade that raises, or does nothing although the upgrade does something, is no way back. */
function wayBack(down: Script | null, up: Script | null, text: string): Script | null {
  const raises = /def downgrade\b[^\n]*:\s*\n(\s*("""[\s\S]*?"""|#[^\n]*)\s*\n)*\s*raise\b/.test(text);
  const isEmpty = down?.operations.length === 0 && (up?.operations.length ?? 0) > 0;
  return raises || isEmpty ? null : down;
}

/** One name, a tuple of names, or None. */
function namesOf(value: Value | undefined): readonly string[] {
  const single = textOf(value);
  if (single !== undefined) return [single];
  return value?.kind === 'list' ? value.items.flatMap((item) => textOf(item) ?? []) : [];
}

type Source = ReturnType<typeof pythonSource>;

function docstringOf(source: Source): string {
  const [first] = childrenOf(source.tree.topNode);
  const [text] = first?.name === 'ExpressionStatement' ? childrenOf(first) : [];
  return text?.name === 'String' ? literalParts(source.textOf(text)).body.trim() : '';
}

function firstErrorLine(source: Source): number {
  let position = 0;
  source.tree.iterate({
    enter: (node) => {
      if (node.type.isError && position === 0) position = node.from;
      return position === 0;
    },
  });
  return source.text.slice(0, position).split('\n').length;
}
