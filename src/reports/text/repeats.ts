/** Parts that occur several times once, with their number: `['Seq Scan', 'Seq Scan']` → `['2 × Seq Scan']`. */
export function countRepeats(parts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return [...counts].map(([part, count]) => (count === 1 ? part : `${count} × ${part}`));
}
