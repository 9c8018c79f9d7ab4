import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakePostgres } from '../support/fake-postgres.js';
import { processesMentioning, temporaryFolder } from '../support/processes.js';
import { open } from '../support/servers.js';

describe('a local server that does not start', () => {
  let installed: ReturnType<typeof temporaryFolder>;
  let temporary: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    [installed, temporary] = [temporaryFolder(), temporaryFolder()];
    vi.stubEnv('TMPDIR', temporary.path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    installed.remove();
    temporary.remove();
  });

  async function failure(initdb: string): Promise<unknown> {
    vi.stubEnv('PG_CONFIG', await fakePostgres({ folder: installed.path, version: '17.6', pgvector: '0.8.4', initdb }));
    const error = await open('local').then(
      () => 'started',
      (reason: unknown) => reason,
    );
    expect(temporary.entries()).toEqual([]);
    expect(processesMentioning(temporary.path)).toEqual([]);
    return error;
  }

  it('shows the last lines of its log, and leaves nothing behind', async () => {
    expect(
      await failure('echo "initdb: error: could not create directory: No space left on device" >&2; exit 1'),
    ).toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/initdb ended with exit code 1\.\ninitdb: error: .*No space left on device$/),
    });
    // Here initdb pretends to succeed, and the server prints its version and ends.
    expect(await failure('exit 0')).toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/postgres ended with exit code 0\.\npostgres \(PostgreSQL\) 17\.6/),
    });
  });
});

describe('an embedded server that does not answer in time', () => {
  it('is said to have been started, and leaves nothing behind', async () => {
    const temporary = temporaryFolder();
    vi.stubEnv('TMPDIR', temporary.path);
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    try {
      await expect(open('embedded')).rejects.toMatchObject({
        code: 'environment',
        message: expect.stringMatching(/was started and did not answer within two minutes/),
      });
      expect(temporary.entries()).toEqual([]);
    } finally {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      temporary.remove();
    }
  });
});
