import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kills } from '../../campaign/kills.js';
import { hasLocal } from '../support/servers.js';

/** The short form of the campaign: other moments than the tests of resumption choose, and the same each time. */
it.runIf(await hasLocal())('runs that are killed at random moments lose nothing and leave nothing', async () => {
  const { played, wrong } = await kills({
    bin: join(import.meta.dirname, '../../dist/cli/bin.js'),
    seed: 7,
    rounds: 4,
    mostMs: 120_000,
    places: ['embedded', 'url', 'url'],
    disks: false,
  });
  expect(wrong).toEqual([]);
  expect([...played.values()].reduce((sum, { rounds }) => sum + rounds, 0)).toBeGreaterThan(0);
});
