import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type MachinePrice, machineSchema } from '../../../capacity/index.js';
import { PgvtuneError } from '../../../errors.js';
import { parseBytes } from '../../../units.js';

const rowSchema = machineSchema.omit({ memoryBytes: true }).extend({ memory: z.string() });

/**
 * A price table: a YAML or JSON list of machines, each `{name: m6g.xlarge, cores: 4, memory: 16GB, month: 140}`.
 *
 * @throws {PgvtuneError} `usage` for a file that cannot be read, or is no such list
 */
export function readPrices(path: string): readonly MachinePrice[] {
  const hint = 'Write a list of {name, cores, memory: 16GB, month: 140}.';
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new PgvtuneError('usage', `--prices: ${path} cannot be read as YAML.`, { hint, cause });
  }
  const rows = z.array(rowSchema).min(1).safeParse(content);
  if (!rows.success) {
    const [issue] = rows.error.issues;
    const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw new PgvtuneError('usage', `--prices: ${path} is no price table${where}: ${issue?.message ?? ''}`, { hint });
  }
  return rows.data.map(({ memory, ...machine }) => ({ ...machine, memoryBytes: parseBytes(memory) }));
}
