import { describe, expect, it } from 'vitest';
import { busyMachine } from '../../../../src/audit/checks/measurement/busy-machine.js';

// How the load is read: test/live/measurement-snapshot.test.ts.
describe('busy-machine', () => {
  it('speaks where other programs take most of the cores', () => {
    expect(busyMachine.run({ loadPerCore: 1.5 })).toEqual([
      { code: 'busy-machine', severity: 'medium', data: { loadPerCore: 1.5 } },
    ]);
  });

  it('is silent on an idle machine', () => {
    expect(busyMachine.run({ loadPerCore: 0.2 })).toEqual([]);
  });
});
