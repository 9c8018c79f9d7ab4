import { describe, expect, it } from 'vitest';
import { busyMachine } from '../../../../src/audit/checks/measurement/busy-machine.js';

describe('busy-machine', () => {
  it('speaks where other programs take most of the cores', () => {
    const otherWork = { share: 0.8, idleShare: 0.05 };
    expect(busyMachine.run({ otherWork })).toEqual([{ code: 'busy-machine', severity: 'medium', data: otherWork }]);
  });

  it('is silent on an idle machine', () => {
    expect(busyMachine.run({ otherWork: { share: 0.02, idleShare: 0.9 } })).toEqual([]);
  });
});
