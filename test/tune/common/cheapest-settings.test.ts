import { describe, expect, it } from 'vitest';
import type { PointRecord, Reason, Search } from '../../../src/results/index.js';
import { cheapestSettings } from '../../../src/tune/common/cheapest-settings.js';
import { measured, pointRecord, refused, tableScanned, voidPoint } from '../../support/records.js';

const KNOBS = [10, 20, 40, 80, 160, 320];

interface Answered {
  readonly recall?: number;
  readonly lost?: Reason;
}

/** Searches from the third of the knobs, where each gets such an answer; the cost grows with the knob. */
function searched(answerOf: (knob: number) => Answered) {
  const asked: number[] = [];
  const search = cheapestSettings(
    { rungs: KNOBS.map((ef_search) => ({ ef_search })), reaches: [{}], start: { rung: 2, reach: 0 } },
    {
      first: { rung: 2, reach: 0 },
      isHopeless: () => false,
      recall: 0.95,
      // oxlint-disable-next-line require-yield -- every answer is known
      *ask({ ef_search }): Search<PointRecord> {
        const knob = Number(ef_search);
        asked.push(knob);
        const { recall = 1, lost } = answerOf(knob);
        if (lost) return voidPoint(lost, {});
        return pointRecord({ measured: measured({ recall, medianMs: knob, buffers: knob, queries: 100 }) });
      },
      reaches: (point) => (point.measured?.recall.mean.value ?? 0) >= 0.95,
    },
  );
  const step = search.next();
  if (!step.done) throw new TypeError('nothing was to be asked');
  const { cheapest, lost, ended } = step.value;
  const at = (found: { readonly place: { readonly rung: number } } | null) => found && KNOBS[found.place.rung];
  return { asked, cheapest: at(cheapest), lost: at(lost), ended };
}

const planner = { lost: tableScanned };

describe('the cheapest settings of a strategy', () => {
  it('may lie above settings at which the planner reads the table', () => {
    const { cheapest, lost } = searched((knob) => (knob === 40 || knob === 80 ? planner : {}));
    expect({ cheapest, lost }).toEqual({ cheapest: 10, lost: null });
    const above = searched((knob) => (knob > 20 && knob < 320 ? planner : { recall: knob < 320 ? 0.5 : 1 }));
    expect(above).toMatchObject({ cheapest: 320, lost: null, ended: null });
    expect(above.asked).toEqual([40, 80, 160, 320, 20]);
  });

  it('may lie below them', () => {
    expect(searched((knob) => (knob === 20 ? planner : {}))).toMatchObject({ asked: [40, 20, 10], cheapest: 10 });
    // The search goes up two settings at once where the recall is far from the target.
    const jumped = searched((knob) => (knob === 80 ? planner : { recall: knob < 160 ? 0.5 : 1 }));
    expect(jumped).toMatchObject({ asked: [40, 160, 80], cheapest: 160, lost: null });
  });

  it('are lost where the planner never takes the index', () => {
    expect(searched(() => planner)).toEqual({ asked: [40, 80, 160, 320], cheapest: null, lost: 40, ended: null });
    const missed = searched((knob) => (knob > 40 ? planner : { recall: 0.9 }));
    expect(missed).toEqual({ asked: [40, 80, 160, 320], cheapest: null, lost: 80, ended: null });
  });

  it('are not looked for further where the server refuses the query', () => {
    expect(searched(() => ({ lost: refused('no') }))).toMatchObject({ asked: [40], cheapest: null, lost: 40 });
  });
});
