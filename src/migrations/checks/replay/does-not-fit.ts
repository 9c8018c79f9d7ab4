import { historyCheck } from '../snapshot.js';

/** Operations that create what exists, or change what does not. */
export const doesNotFit = historyCheck({
  id: 'does-not-fit',
  severity: 'medium',
  needs: ['replay'],
  run: ({ replay: { misfits } }) => {
    const found = misfits.map(({ at, misfit, effect }) => ({
      at,
      misfit,
      operation: effect.kind,
      name: nameOf(effect),
    }));
    return found.length === 0 ? [] : [{ data: { misfits: found } }];
  },
});

function nameOf(effect: object): string {
  const of = effect as Partial<Record<'table' | 'column' | 'name' | 'type' | 'index' | 'constraint', unknown>>;
  const inner = (value: unknown): string | undefined =>
    typeof value === 'string'
      ? value
      : typeof value === 'object' && value !== null && 'name' in value
        ? String(value.name)
        : undefined;
  const parts = [of.table, of.column ?? of.name ?? of.index ?? of.constraint ?? of.type].flatMap(
    (part) => inner(part) ?? [],
  );
  return parts.join('.');
}
