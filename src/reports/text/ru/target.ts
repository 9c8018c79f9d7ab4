import type { CostComparison, Ranking } from '../../../results/index.js';
import { formatApart, formatBytes, formatCount, formatLow, formatMs } from '../../../units.js';
import type { RunTexts } from '../run-texts.js';

/** What is to be minimised, as a subject. */
export const goals: Readonly<Record<CostComparison['goal'], string>> = {
  p95: 'p95 задержки',
  throughput: 'среднее время запроса в одном соединении',
  buffers: 'число буферов на запрос',
  index_bytes: 'размер индекса',
  build_seconds: 'время построения',
};

/** What options are ranked by, as a subject. */
export const rankings: Readonly<Record<Ranking, string>> = { ...goals, p50: 'медианная задержка' };

/** Bounds of a target. */
export const bounds: RunTexts['bounds'] = {
  recall: 'полнота',
  p95: 'p95 задержки',
  index_size: 'размер индекса',
  build_memory: 'память построения',
  build_time: 'время построения',
};

/** What of the target is not met. */
export const unmet: RunTexts['unmet'] = {
  recall: ({ value, low, wanted }) =>
    `полнота ${value.toFixed(4)} (нижняя граница ${formatLow(low)}): не показано, что она достигает ${wanted}`,
  p95: ({ ms, needs: missing, boundMs }) =>
    `p95 ${
      ms === null
        ? `неизвестен (${missing === null ? 'слишком мало запросов' : `нужно запросов: ${formatCount(missing)}`})`
        : formatMs(ms)
    }: не показано, что он не больше ${formatMs(boundMs)}`,
  index_size: ({ bytes, bound }) => `индекс занимает ${formatApart(formatBytes, bytes, bound).join(', а допустимо ')}`,
  build_time: ({ seconds, bound }) =>
    `построение заняло ${formatApart(formatMs, 1000 * seconds, 1000 * bound).join(', а допустимо ')}`,
  other_builds_failed: ({ failed }) =>
    `первое построение достигает цели, но повторных построений с ошибкой: ${formatCount(failed)}`,
  any_build: () => 'первое построение достигает цели, но построения слишком различаются',
};

/** What a bound would have to be. */
export const needs: RunTexts['needs'] = {
  recall: ({ low, ofAnyBuild }) => `полнота ${formatLow(low)}${ofAnyBuild ? ' у любого построения' : ''}`,
  p95: ({ ms }) => `p95 ${formatMs(ms)}`,
  index_size: ({ bytes, isPredicted }) =>
    `индекс размером ${formatBytes(bytes)}${isPredicted ? ' (прогноз: он не построен, его полнота и задержка неизвестны)' : ''}`,
  build_time: ({ seconds }) => `построение за ${formatMs(1000 * seconds)}`,
  build_memory: ({ bytes, keepsOffDisk }) =>
    `maintenance_work_mem ${formatBytes(bytes)} (прогноз${
      keepsOffDisk
        ? '), чтобы построение не ушло на диск; сколько оно тогда займёт, неизвестно'
        : ': индекс не построен, его полнота и задержка неизвестны)'
    }`,
};
