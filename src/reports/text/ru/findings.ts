import type { CacheJudgement } from '../../../results/index.js';
import { formatApart, formatCount, formatMs, formatPercent } from '../../../units.js';
import { countRepeats } from '../repeats.js';
import type { RunTexts } from '../run-texts.js';
import { names } from './names.js';
import { count, partOf, times } from './plural.js';

/** What a reader must know beside the figures of a measurement. */
export const findings: RunTexts['findings'] = {
  'measured-again': ({ attempts }) =>
    `Работа сервера прерывалась; измерение повторено, учтена попытка номер ${attempts}.`,
  checkpoint: ({ checkpoints }) => `Во время измерения началось контрольных точек: ${formatCount(checkpoints)}.`,
  vacuum: ({ runs }) => `Во время измерения таблицы завершилось VACUUM или ANALYZE: ${formatCount(runs)}.`,
  autovacuum: ({ workers }) => `Во время измерения работала автоочистка (рабочих процессов: ${formatCount(workers)}).`,
  'other-sessions': ({ sessions }) =>
    `Во время измерения запросы выполняли и другие сессии (до ${formatCount(sessions)} одновременно).`,
  'cpu-steal': ({ share }) => `${formatPercent(share)} времени CPU забрали другие виртуальные машины (steal).`,
  swapping: ({ pages }) => `Машина выгружала память в своп (страниц: ${formatCount(pages)}).`,
  'cpu-frequency': ({ beforeMhz, afterMhz }) =>
    `Частота CPU изменилась с ${beforeMhz.toFixed(0)} до ${afterMhz.toFixed(0)} МГц.`,
  'busy-machine': ({ share, idleShare }) =>
    `Машина была занята: другие программы заняли ${formatPercent(share)} времени CPU, простаивало ${formatPercent(idleShare)}.`,
  'canary-moved': ({ roundTrip, cpu }) =>
    `Во время измерения условия на машине изменились: ${[
      ...(roundTrip
        ? [`пустой обмен с сервером занимал ${formatMs(roundTrip.beforeMs)} до и ${formatMs(roundTrip.afterMs)} после`]
        : []),
      ...(cpu ? [`арифметический цикл занимал ${formatMs(cpu.beforeMs)} до и ${formatMs(cpu.afterMs)} после`] : []),
    ].join(', ')}.`,

  'queries-in-base': ({ inBase, queries }) =>
    `Среди строк таблицы есть ${partOf(inBase, queries)}: они находят сами себя, и полнота завышена.`,
  duplicates: ({ share }) => `У ${formatPercent(share)} строк тот же вектор, что и у другой строки.`,
  ties: ({ share }) =>
    `У ${formatPercent(share)} запросов на последнее место претендуют несколько строк с равным расстоянием: какая из них вернётся, дело случая. Полнота засчитывает любую из них, строгая полнота — нет.`,

  'short-answers': ({ share, meanCompleteness }) =>
    `${formatPercent(share)} запросов вернули меньше строк, чем есть; в среднем вернулось ${formatPercent(meanCompleteness)} строк.`,
  'client-floor': ({ floorMs, medianMs }) =>
    `${formatMs(floorMs)} из медианы ${formatMs(medianMs)} — обмен с сервером и клиент, а не поиск.`,
  'floor-above-median': ({ floorMs, medianMs }) =>
    `Обмен с сервером без поиска занял ${formatApart(formatMs, floorMs, medianMs).join(' — дольше медианы запроса (')}): во время одного из двух измерений машине мешали, поэтому оба ненадёжны.`,
  'server-above-client': ({ serverMs, medianMs }) =>
    `Медиана времени на сервере, ${formatApart(formatMs, serverMs, medianMs).join(', больше медианы на клиенте, ')}, частью которой она является: во время одного из двух измерений машине мешали, поэтому оба ненадёжны.`,
  'empty-truth': ({ queries }) =>
    `Запросов без точного ответа: ${formatCount(queries)}; они не входят ни в один показатель.`,
  'not-cached': (judgement) => `Состояние кэша не то, что объявлено: ${cacheText(judgement)}.`,
  'not-steady': ({ blocks }) =>
    `После прогрева (${count(blocks, 'блок', 'блока', 'блоков')}) задержка ещё менялась с трендом.`,
  'plan-cache-mode': ({ mode }) =>
    `plan_cache_mode = ${mode}, поэтому подготовленные запросы планируются не так, как по умолчанию.`,
  'generic-plan-differs': ({ generic, custom }) =>
    `Когда сервер перейдёт на общий план, подготовленный запрос получит ${scansText(generic)} вместо ${scansText(custom)}.`,

  'built-again': ({ attempts }) => `Индекс строился ${times(attempts)}, потому что прежний пропал или был заменён.`,
  'hnsw-build-spilled': ({ rows }) =>
    `Граф HNSW перестал помещаться в maintenance_work_mem после строки номер ${formatCount(rows)}; остальные вставлены на диске, в несколько раз медленнее.`,
  'ivfflat-little-data': () =>
    'Индекс IVFFlat построен по меньшему числу строк, чем в нём списков, поэтому его центры плохи и полнота низка. Постройте его снова, когда данные будут в таблице.',

  errors: ({ share, bySqlstate }) =>
    `${formatPercent(share)} запросов завершились ошибкой (${Object.entries(bySqlstate)
      .map(([sqlstate, number]) => `SQLSTATE ${sqlstate}: ${formatCount(number)}`)
      .join(', ')}); в остальные показатели они не входят.`,
  'figure-refused': ({ figure }) => `Показатель ${figure} отброшен: он вне возможных пределов.`,
  'client-bound': ({ busyShare }) =>
    `Узким местом был клиент: один из его потоков был занят ${formatPercent(busyShare, 0)} времени.`,
  'client-late': ({ lagP99Ms, p99Ms }) =>
    `Опаздывал сам клиент: p99 его отставания — ${formatMs(lagP99Ms)} при p99 задержки ${formatMs(p99Ms)}.`,
  'shared-processors': ({ cores, clientShare }) =>
    `Клиент и сервер вместе заняли все ядра (${formatCount(cores)}), ${formatPercent(clientShare, 0)} из этого — клиент: показатели описывают обоих вместе.`,
  late: ({ share }) =>
    `${formatPercent(share)} запросов не нашли к своему сроку свободного соединения; ожидание входит в их задержку.`,
};

/** The scans of a plan; one of many partitions has many alike. */
const scansText = (scans: string): string => names.recordedScans(countRepeats(scans.split(', ')).join(', '));

/** In which state the caches were, and how that was seen. */
function cacheText({ state, declared, readShare, prewarmed, isRing }: CacheJudgement): string {
  const read = `${formatPercent(readShare)} буферов запроса прочитано не из shared_buffers`;
  switch (state) {
    case 'cold':
      return `холодный: таблица и индекс вытеснялись из shared_buffers перед каждым измеряемым запросом; ${read}`;
    case 'prewarmed':
      return `прогрет pg_prewarm; ${read}`;
    case 'warm':
      return `тёплый (прогрет ${prewarmed ? 'pg_prewarm и запросами' : 'только запросами'}); ${read}`;
    case 'partial':
      return declared === 'cold'
        ? 'объявлен холодный, но ничего не читалось'
        : `объявлен ${DECLARED[declared]}, но ${read}${
            isRing
              ? '; IVFFlat читает списки через кольцевой буфер в 256 kB, так что запрос оставляет в кэше не больше 32 страниц: прогревает его только pg_prewarm'
              : ''
          }`;
  }
}

const DECLARED: Readonly<Record<'warm' | 'prewarmed', string>> = { warm: 'тёплый', prewarmed: 'прогретый pg_prewarm' };
