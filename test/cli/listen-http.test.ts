import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpListener, listenHttp, plain } from '../../src/cli/listen-http.js';
import { capturingIo } from '../support/command-line.js';

const io = capturingIo('.');
let listener: HttpListener;
beforeAll(async () => {
  listener = await listenHttp(io, { host: '127.0.0.1', port: 0 }, async (path) => {
    if (path === '/defect') throw new Error('Nobody should see this.');
    return plain(200, `You asked for ${path}.`);
  });
});
afterAll(() => listener.close());

it('answers to a path without its query, with a policy that allows nothing', async () => {
  const response = await fetch(`${listener.origin}/a%20b?c=d`);
  expect(await response.text()).toBe('You asked for /a%20b.\n');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

it('refuses to change anything', async () => {
  const response = await fetch(listener.origin, { method: 'POST', body: 'x' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('tells why an answer failed on standard error, not to the client, and goes on', async () => {
  const response = await fetch(`${listener.origin}/defect`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('Nobody');
  expect(io.stderr.text()).toContain('Error: Nobody should see this.');
  expect((await fetch(listener.origin)).status).toBe(200);
});
