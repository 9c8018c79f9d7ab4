import type { WatchedIndex, WatchReport } from '../../../live/index.js';
import { buildLines, buildProgressLine } from '../../../reports/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import type { Io } from '../../io.js';
import { printableLine } from '../../../printable.js';

/** How often a line is said where none can be drawn over. */
const LINE_EVERY_MS = 15_000;
const CLEAR_LINE = '\r\x1B[2K';

/** Shows each look on standard error: over the last line on a terminal, every 15 s elsewhere. */
export function createWatchDisplay(
  io: Io,
  { quiet = false }: { readonly quiet?: boolean },
): (report: WatchReport) => void {
  let lastLine = -Infinity;
  return ({ builds }) => {
    const running = builds.filter(({ ended }) => ended === null);
    if (quiet || (io.stderr.isTTY !== true && performance.now() - lastLine < LINE_EVERY_MS)) return;
    lastLine = performance.now();
    const text = running.map((build) => printableLine(buildProgressLine(build)));
    if (io.stderr.isTTY === true) io.stderr.write(`${CLEAR_LINE}${text.join(' · ')}`);
    else for (const line of text) io.stderr.write(`${line}\n`);
    if (io.stderr.isTTY === true && running.length === 0) io.stderr.write(CLEAR_LINE);
  };
}

/** What was seen, build by build. */
export function watchText({ builds, hidden }: WatchReport): string {
  const lines = builds.flatMap((build) => (build.ended === null ? buildLines(build) : [endText(build, build.ended)]));
  return `${[
    ...(lines.length === 0 ? ['No CREATE INDEX or REINDEX runs here.'] : lines),
    ...(hidden === 0 ? [] : [`${hidden} more, of other roles: a member of pg_read_all_stats sees them.`]),
  ]
    .map(printableLine)
    .join('\n')}\n`;
}

function endText({ last }: WatchedIndex, { valid, index, bytes }: NonNullable<WatchedIndex['ended']>): string {
  const after = `after ${formatMs(last.elapsedMs)}`;
  const what = `${last.command} (pid ${last.pid})`;
  if (valid === null) return `${what} ended ${after}; its database, ${last.database}, is not the one that was watched.`;
  if (!valid) {
    return index === null
      ? `${what} ended ${after} without an index: it failed or was cancelled; the server's log has the reason.`
      : `${what} ended ${after} and left ${index} invalid: DROP INDEX CONCURRENTLY it, or REINDEX it.`;
  }
  return `${what} ended ${after}: ${index ?? 'the index'} is valid${bytes === null ? '' : `, ${formatBytes(bytes)}`}.`;
}
