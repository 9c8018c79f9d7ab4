import { grammar, loadGrammar } from './grammar.js';
import { shapeOf, type StatementShape } from './shape.js';

/**
 * Reads what statements ask for. PostgreSQL's own grammar is loaded for it, so they are given all at once.
 *
 * @returns null for a text that the grammar refuses: it may be cut off, or newer than the grammar
 */
export async function shapesOf(texts: readonly string[]): Promise<readonly (StatementShape | null)[]> {
  await loadGrammar();
  const postgres = grammar();
  return texts.map((text) => {
    try {
      const [first, ...others] = postgres.parse(text).stmts ?? [];
      return first?.stmt && others.length === 0 ? shapeOf(first.stmt) : null;
    } catch {
      return null;
    }
  });
}
