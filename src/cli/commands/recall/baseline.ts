import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import type { LiveRecall } from '../../../live/index.js';
import { compareRecall, parseLiveRecall, type RecallChange } from '../../../nightly/index.js';
import { recallText, shareDifference } from '../../../reports/index.js';
import { formatCount } from '../../../units.js';
import type { Colors } from '../../style.js';

type Baseline = NonNullable<ReturnType<typeof parseLiveRecall>>;

/** @throws {PgvtuneError} `usage` where the file is not what `recall --json` prints */
export function readRecallBaseline(cwd: string, file: string): Baseline {
  const path = resolve(cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PgvtuneError('usage', `--baseline: ${path} cannot be read.`, { hint: HINT, cause });
  }
  const baseline = parseLiveRecall(text);
  if (!baseline) throw new PgvtuneError('usage', `--baseline: ${path} holds no recall.`, { hint: HINT });
  return baseline;
}

const HINT = 'Name a file that pgvtune recall --json wrote.';

/**
 * What became of the recall since; null where tonight has none, which its verdict says.
 *
 * @throws {PgvtuneError} `usage` for a baseline that asked something else, or has no recall
 */
export function recallSince(baseline: Baseline, report: LiveRecall): RecallChange | null {
  const compared = compareRecall(baseline, report);
  if (compared.kind === 'compared') return compared.change;
  if (compared.kind === 'unlike') {
    const unlike = compared.unlike.map(
      ({ what, base, candidate }) => `${what} (${base || 'none'} and ${candidate || 'none'})`,
    );
    throw new PgvtuneError('usage', `The baseline is not comparable: ${unlike.join('; ')}.`, {
      hint: 'Measure both with the same options.',
    });
  }
  if (compared.side === 'candidate') return null;
  throw new PgvtuneError('usage', 'The baseline has no recall to compare with.', {
    hint: 'Take one that used the index, without --by and --sweep.',
  });
}

/** One line: both recalls, their difference and what it shows. */
export function sinceLine({ base, difference, answer, isWorse, queriesNeeded }: RecallChange, paint: Colors): string {
  const said = {
    same: paint.green('not changed by 0.01 or more'),
    different: isWorse ? paint.red('worse') : paint.green('better'),
    unknown: paint.yellow(
      queriesNeeded === null
        ? 'undecided'
        : `undecided; about ${formatCount(queriesNeeded)} queries in both measurements would decide`,
    ),
  }[answer];
  return `Recall of the baseline ${recallText(base)}; since then ${shareDifference(difference)}: ${said}`;
}
