import { indexKinds, recallKnob } from '../../indexes/index.js';
import { readSettings } from '../../postgres/index.js';
import type { FoundObstacle } from '../../results/index.js';
import { joinsKeepRows, numberOf, type VectorSearch } from '../../statements/index.js';
import type { Application } from './application.js';
import type { Candidate } from './planner-obstacles.js';

/** What loses rows of the answer although, and because, the index is used. */
export async function answerObstacles(
  { session, table }: Application,
  { look, settings }: Candidate,
  { select, scope, form }: VectorSearch,
  limitValue: number | null,
): Promise<readonly FoundObstacle[]> {
  const scans = look.nodes.filter(({ index }) => table.indexes.some(({ name }) => name === index));
  const used = table.indexes.find(({ name }) => scans.some(({ index }) => index === name));
  const kind = indexKinds.find(({ accessMethod }) => accessMethod === used?.method);
  if (!kind) return [];
  const inForce = {
    ...(await readSettings(
      session,
      kind.knobs.map(({ guc }) => guc),
    )),
    ...settings,
  };
  const byName = Object.fromEntries(
    kind.knobs.flatMap(({ name, guc, kind: of }) => {
      const value = inForce[guc];
      return value === undefined ? [] : [[name, of === 'number' ? Number(value) : value]];
    }),
  );
  const iterative = kind.knobs.find((knob) => knob.kind === 'choice' && knob.name === 'iterative_scan');
  const isOff = iterative?.kind === 'choice' && inForce[iterative.guc] === 'off';
  const order =
    iterative?.kind === 'choice' && iterative.values.includes('strict_order') ? 'strict_order' : 'relaxed_order';
  const found: FoundObstacle[] = [];

  const most = kind.mostRows(byName);
  const limit = numberOf(select.limitCount) ?? limitValue;
  const isUnlimited = select.limitCount === undefined && form === 'order';
  const knob = recallKnob(kind);
  if (knob && Number.isFinite(most) && (isUnlimited || (limit !== null && limit > most))) {
    const needed = isUnlimited ? Infinity : (limit ?? Infinity);
    const changed: Record<string, string> =
      needed <= knob.max ? { [knob.guc]: String(needed) } : iterative ? { [iterative.guc]: order } : {};
    const data = { setting: knob.guc, most, limit: isUnlimited ? null : limit };
    found.push({ code: 'limit-above-setting', data, remedy: { kind: 'setting', settings: changed } });
  }
  const isFiltered = scans.some((scan) => scan.isFiltered) || !joinsKeepRows(scope);
  if (iterative && isOff && isFiltered) {
    const remedy = { kind: 'setting' as const, settings: { [iterative.guc]: order } };
    found.push({ code: 'filter-after-scan', data: { setting: iterative.guc }, remedy });
  }
  return found;
}
