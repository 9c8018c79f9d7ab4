import { kindOfIndex, recallKnob, searchSettingsOf } from '../../indexes/index.js';
import { readSettings } from '../../postgres/index.js';
import type { FoundObstacle, SearchRemedy } from '../../results/index.js';
import {
  dropsOnlyFarthest,
  joinsKeepRows,
  limitingSelect,
  rowsAsked,
  type VectorSearch,
} from '../../statements/index.js';
import type { Application } from './application.js';
import type { Candidate } from './planner-obstacles.js';

/** What loses rows of the answer although, and because, the index is used. */
export async function answerObstacles(
  { session, table, values }: Application,
  { look, settings }: Candidate,
  search: VectorSearch,
): Promise<readonly FoundObstacle[]> {
  const { form } = search;
  const scans = look.nodes.filter(({ index }) => table.indexes.some(({ name }) => name === index));
  const used = table.indexes.find(({ name }) => scans.some(({ index }) => index === name));
  const kind = used && kindOfIndex(used);
  if (!kind) return [];
  const own = await readSettings(
    session,
    kind.knobs.map(({ guc }) => guc),
  );
  const inForce = { ...own, ...settings };
  const iterative = kind.knobs.find((knob) => knob.name === 'iterative_scan');
  // Older versions of pgvector have no such scan.
  const going = iterative?.kind === 'choice' && inForce[iterative.guc] !== undefined ? iterative : null;
  const goOn: SearchRemedy = going
    ? {
        kind: 'setting',
        settings: { [going.guc]: going.values.includes('strict_order') ? 'strict_order' : 'relaxed_order' },
      }
    : { kind: 'none' };
  const found: FoundObstacle[] = [];

  const most = kind.mostRows(searchSettingsOf(kind, inForce));
  const limiting = limitingSelect(search);
  const rows = form === 'order' || limiting.limitCount ? rowsAsked(limiting, values) : null;
  const knob = recallKnob(kind);
  if (knob && rows !== null && rows > most) {
    const remedy: SearchRemedy = rows <= knob.max ? { kind: 'setting', settings: { [knob.guc]: String(rows) } } : goOn;
    const data = {
      setting: knob.guc,
      most,
      rows: Number.isFinite(rows) ? rows : null,
      withOffset: limiting.limitOffset !== undefined,
    };
    found.push({ code: 'limit-above-setting', data, remedy });
  }
  // A bound of the distance drops only rows that come after those of the answer.
  const isFiltered = scans.some((scan) => scan.isFiltered) && (table.rowSecurity.active || !dropsOnlyFarthest(search));
  if (going && inForce[going.guc] === 'off' && (isFiltered || !joinsKeepRows(search))) {
    found.push({ code: 'filter-after-scan', data: { setting: going.guc }, remedy: goOn });
  }
  return found;
}
