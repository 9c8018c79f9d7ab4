import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import { blindnessOf } from '../../src/monitoring/index.js';

const withState = (sqlstate: string): PgvtuneError => new PgvtuneError('server', 'It failed.', { sqlstate });

describe('blindness', () => {
  it.each([
    ['28P01', 'authentication'],
    ['28000', 'authentication'],
    ['3D000', 'no-database'],
    ['53300', 'too-many-connections'],
    ['57P03', 'starting-or-stopping'],
    ['57P01', 'connection-lost'],
    ['57014', 'deadline'],
    ['55P03', 'deadline'],
    ['42501', 'privilege'],
    ['42P01', 'other'],
  ])('has a reason for SQLSTATE %s: %s', (sqlstate, reason) => {
    expect(blindnessOf(withState(sqlstate), true)).toBe(reason);
  });

  it('tells a server that is not there from one that went away', () => {
    const gone = new PgvtuneError('server', 'Connection terminated.');
    expect(blindnessOf(gone, false)).toBe('unreachable');
    expect(blindnessOf(gone, true)).toBe('connection-lost');
  });

  it('tells a connection that we cut at the deadline from one that broke', () => {
    const cut = new PgvtuneError('server', 'The connection was cut.', { deadlineMs: 5000 });
    expect(blindnessOf(cut, true)).toBe('deadline');
  });

  it('does not take a defect of its own for one of the server', () => {
    expect(blindnessOf(new TypeError('x is undefined'), true)).toBe('other');
  });
});
