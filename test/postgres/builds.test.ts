import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import { createIndex, type Session } from '../../src/postgres/index.js';
import { fakeSession } from '../support/fake-session.js';

const lost = new PgvtuneError('server', 'The connection was terminated.', { sqlstate: '57P01' });

/** A session whose statement ends once `until` has. */
const building = (until: Promise<unknown>, fails = false): Session => ({
  ...fakeSession({ indexes: new Set() }),
  query: async () => {
    await until;
    if (fails) throw new PgvtuneError('server', 'out of memory', { sqlstate: '53200' });
    return [];
  },
  takeNotices: () => ['built'],
});

/** A watcher that fails at its first look, and tells when everybody has heard of it. */
function failingWatcher(): { readonly watcher: Session; readonly looked: Promise<void> } {
  let tell: () => void;
  const looked = new Promise<void>((resolve) => (tell = resolve));
  const query = (): Promise<never> => {
    setImmediate(tell);
    return Promise.reject(lost);
  };
  return { watcher: { ...fakeSession({ indexes: new Set() }), query }, looked };
}

describe('watching a build', () => {
  const ignore = (): void => undefined;

  it('may fail without failing the build', async () => {
    const { watcher, looked } = failingWatcher();
    await expect(createIndex(building(looked), watcher, 'CREATE INDEX', ignore)).resolves.toEqual(['built']);
  });

  it('hides no failure of the build by its own', async () => {
    const { watcher, looked } = failingWatcher();
    await expect(createIndex(building(looked, true), watcher, 'CREATE INDEX', ignore)).rejects.toMatchObject({
      sqlstate: '53200',
    });
  });
});
