import { describe, expect, it } from 'vitest';
import { encodeExecution } from '../../src/postgres/execution.js';

describe('the execution of a prepared statement', () => {
  it('is one message of Bind, Execute and Sync', () => {
    const message = encodeExecution('né', ['ab', null, Buffer.of(7, 8, 9), 12, true]);
    const expected = [
      // Bind: its length, the unnamed portal, the statement.
      ['42', '00000038', '00', '6ec3a900'],
      // Formats: text but for the third value. Then the values with their lengths, −1 for null.
      ['0005', '0000', '0000', '0001', '0000', '0000'],
      ['0005', '00000002', '6162', 'ffffffff', '00000003', '070809', '00000002', '3132', '00000004', '74727565'],
      // All columns as text. Execute the unnamed portal to its end, and Sync.
      ['0000', '45', '00000009', '00', '00000000', '53', '00000004'],
    ];
    expect(message?.toString('hex')).toBe(expected.flat().join(''));
  });

  it('leaves arrays to the driver', () => {
    expect(encodeExecution('s', [['a'], 'b'])).toBeNull();
  });
});
