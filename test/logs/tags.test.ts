import { describe, expect, it } from 'vitest';
import { readTags } from '../../src/logs/tags.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('tags of a statement', () => {
  it.each([
    [
      `SELECT 1 /*controller='index',framework='django%3A4.2',route='%5Eusers%2F',traceparent='00-${TRACE}-00f067aa0ba902b7-01'*/`,
      { route: '^users/', trace: TRACE },
    ],
    [`SELECT 1 /*action='show',controller='users'*/;`, { route: 'users#show', trace: null }],
    ['/*application:Shop,controller:users,action:index*/ SELECT 1', { route: 'users#index', trace: null }],
    [`SELECT 1 /*job:MailJob*/`, { route: 'MailJob', trace: null }],
    [
      `SELECT 1 /*route='%2Fusers%2F42%2F550e8400-e29b-41d4-a716-446655440000%3Ftoken%3Dx'*/`,
      { route: '/users/:id/:id', trace: null },
    ],
    [`SELECT 1 /*route='it\\'s'*/`, { route: "it's", trace: null }],
    [`SELECT 1 /*route='%zz'*/`, { route: '%zz', trace: null }],
    ['SELECT 1 /* a comment, with: words */', { route: null, trace: null }],
    ['SELECT /*+ SeqScan(t) */ 1', { route: null, trace: null }],
  ])('%s', (text, tags) => {
    expect(readTags(text).tags).toEqual(tags);
  });

  it('leave the statement behind, and only they', () => {
    expect(readTags(`SELECT '/* x */' /*route='a'*/`).text.trim()).toBe(`SELECT '/* x */'`);
    expect(readTags('SELECT 1').text).toBe('SELECT 1');
  });
});
