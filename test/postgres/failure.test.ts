import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/redact.js';
import { PgvtuneError } from '../../src/errors.js';
import { serverError } from '../../src/postgres/failure.js';

const context = { server: 'db/shop', secrets: ['hunter2'] };
const raised = (message: string, code?: string): Error => Object.assign(new Error(message), code ? { code } : {});
const fromServer = (message: string, code: string): Error =>
  Object.assign(new DatabaseError(message, message.length, 'error'), { code });

describe('serverError', () => {
  it.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED ::1:5432', /running/],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', /spelling/],
    [undefined, 'timeout expired', /firewall/],
    [undefined, 'The server does not support SSL connections', /sslmode=disable/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', /sslrootcert/],
    [undefined, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', /PGPASSWORD/],
    ['28P01', 'password authentication failed for user "ann"', /password/],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.1", user "ann", database "x", no encryption', /pg_hba\.conf/],
    ['53300', 'sorry, too many clients already', /max_connections/],
    ['25006', 'cannot execute CREATE SCHEMA in a read-only transaction', /primary/],
    ['42501', 'permission denied for database shop', /GRANT CREATE/],
    ['42501', 'permission denied for function pg_prewarm', /privilege/],
    ['42704', 'type "vector" does not exist', /CREATE EXTENSION vector/],
    ['42704', 'access method "hnsw" does not exist', /version of pgvector/],
    [
      '53100',
      'could not resize shared memory segment "/PostgreSQL.1" to 68 bytes: No space left on device',
      /dev\/shm/,
    ],
    ['53100', 'could not extend file "base/5/16384": No space left on device', /disk/],
    ['54000', 'memory required is 800 MB, maintenance_work_mem is 64 MB', /maintenance_work_mem/],
    ['55P03', 'canceling statement due to lock timeout', /pg_blocking_pids/],
    ['57014', 'canceling statement due to statement timeout', /timeout/],
    ['57P01', 'terminating connection due to administrator command', /administrator/],
    [undefined, 'Connection terminated unexpectedly', /server log/],
  ])('%s %s', (code, message, hint) => {
    const given = serverError(raised(message, code), context).hint!;
    expect(given).toMatch(hint);
    // What looks like a password is masked where it is printed.
    expect(redact(given)).toBe(given);
  });

  it('keeps the SQLSTATE, and takes no code of Node for one', () => {
    expect(serverError(fromServer('x', '42P01'), context).sqlstate).toBe('42P01');
    expect(serverError(raised('x', 'EPIPE'), context).sqlstate).toBeUndefined();
  });

  it('says what failed: the connection, or the beginning of a statement on one line', () => {
    expect(serverError(raised('boom'), context).message).toBe('Cannot connect to db/shop: boom.');
    const statement = `SELECT 1\n   FROM ${'x'.repeat(200)}`;
    const { message } = serverError(raised('boom'), { ...context, statement });
    expect(message).toMatch(/^"SELECT 1 FROM x+\.\.\." failed on db\/shop: boom\.$/);
    expect(message.length).toBeLessThan(160);
  });

  it('masks passwords', () => {
    const statement = `CREATE SUBSCRIPTION s CONNECTION 'host=db password=hunter2'`;
    const error = serverError(raised('invalid connection string "postgres://ann:hunter3@db" (hunter2)'), {
      ...context,
      statement,
    });
    expect(error.message).not.toMatch(/hunter/);
  });

  it('names every address that was tried', () => {
    const several = new AggregateError([
      raised('connect ECONNREFUSED ::1:1'),
      raised('connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    expect(serverError(several, context).message).toContain('::1:1; connect ECONNREFUSED 127.0.0.1:1');
  });

  it('passes our own errors through', () => {
    const own = new PgvtuneError('dataset', 'NaN in row 3');
    expect(serverError(own, context)).toBe(own);
  });
});
