import type { RunTexts } from '../run-texts.js';

/** What a known defect of pgvector does, and what to do about it. */
export const knownDefects: RunTexts['knownDefects'] = {
  'parallel-build-overflow': (fixedIn) =>
    `параллельное построение HNSW может писать за пределы буфера (CVE-2026-3172). Обновите до ${fixedIn} или новее; до того стройте с max_parallel_maintenance_workers = 0.`,
  'vacuum-corruption': (fixedIn) =>
    `VACUUM может повредить индекс HNSW. Обновите до ${fixedIn} или новее, затем выполните REINDEX индексов HNSW.`,
  'vacuum-insert-errors': (fixedIn) =>
    `INSERT во время VACUUM индекса HNSW может завершиться ошибкой, а VACUUM — не восстановить граф. Обновите до ${fixedIn} или новее, затем выполните REINDEX индексов HNSW.`,
  'parallel-build-locking': (fixedIn) =>
    `параллельное построение HNSW берёт блокировки так, что может завершиться ошибкой. Обновите до ${fixedIn} или новее; до того стройте с max_parallel_maintenance_workers = 0.`,
  'ivfflat-build-overflow': (fixedIn) =>
    `построение IVFFlat может писать за пределы буфера (pgvector#1036). Обновите до ${fixedIn} или новее; до того стройте индексы IVFFlat только на данных, которым доверяете.`,
  'ivfflat-overflow-32-bit': (fixedIn) =>
    `построение IVFFlat на 32-разрядной системе может вызвать переполнение (CVE-2026-18022). 64-разрядных систем это не касается. Обновите до ${fixedIn} или новее.`,
  'ivfflat-build-memory': (fixedIn) =>
    `построение IVFFlat может занять больше памяти, чем maintenance_work_mem. Обновите до ${fixedIn} или новее; до того держите свободной память сверх неё.`,
  'ivfflat-empty-table-memory': (fixedIn) =>
    `построение IVFFlat на пустой или маленькой таблице просит памяти как для большой (pgvector#995). Обновите до ${fixedIn} или новее либо стройте после загрузки.`,
  'ivfflat-nested-loop-memory': (fixedIn) =>
    `сканирование IVFFlat внутри вложенного цикла держит память до конца запроса. Обновите до ${fixedIn} или новее либо избегайте соединений, которые повторяют поиск.`,
};
