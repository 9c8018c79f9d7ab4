import type { MonitoringFinding, MonitoringSetting } from '../../../../audit/index.js';
import type { FindingCatalogue } from '../../audit-texts.js';

export const monitoringTexts: FindingCatalogue<MonitoringFinding> = {
  'no-statement-statistics': {
    title: 'Нет статистики запросов',
    says: ({ database, installed }) =>
      installed
        ? `pg_stat_statements установлен в ${database}, но не загружен: добавьте его в shared_preload_libraries и перезапустите сервер.`
        : `pg_stat_statements не установлен в ${database}: никто не считает, чего стоят запросы.`,
    effect: () =>
      'Следующий аудит назовёт медленные запросы, N+1 и недостающие индексы. Нужен shared_preload_libraries = pg_stat_statements и перезапуск, если он не задан.',
    doubt: () => 'Их может считать другая система (pg_stat_monitor, агент).',
  },
  'statement-statistics-defect': {
    title: 'Версия pg_stat_statements с известной ошибкой',
    says: ({ version, fixedIn, isCounting }) =>
      `В pg_stat_statements из PostgreSQL ${version} возможно переполнение (CVE-2026-14676), исправленное в ${fixedIn}. Библиотека загружена${isCounting ? ' и считает здесь' : ', хотя в этой базе не установлена'}.`,
    effect: ({ fixedIn }) => `После обновления до ${fixedIn} или новее ошибки нет: новые программы и перезапуск.`,
    doubt: () => 'Дистрибутивы иногда переносят исправление без смены версии.',
  },
  'logging-gap': {
    title: 'События не оставляют следа',
    says: ({ setting, value }) => `${setting} = ${value}: ${LOST[setting]}.`,
    effect: ({ setting, wanted }) => `С ${setting} = ${wanted} ${FOUND[setting]}.`,
    doubt: () => 'То же может записывать другая система.',
  },
};

const LOST: Readonly<Record<MonitoringSetting, string>> = {
  log_min_duration_statement: 'медленные запросы не попадают в журнал',
  log_lock_waits: 'ожидания блокировок не попадают в журнал',
  log_temp_files: 'сортировки и хеши на диске не попадают в журнал',
  log_checkpoints: 'контрольные точки не попадают в журнал',
  log_autovacuum_min_duration: 'работа autovacuum не попадает в журнал',
  track_io_timing: 'никто не знает, сколько длятся чтение и запись',
};

const FOUND: Readonly<Record<MonitoringSetting, string>> = {
  log_min_duration_statement: 'каждый медленный запрос будет в журнале, с длительностью',
  log_lock_waits: 'ожидание дольше deadlock_timeout будет в журнале, с обоими запросами',
  log_temp_files: 'каждый большой временный файл будет в журнале, с запросом',
  log_checkpoints: 'в журнале будет, почему началась контрольная точка и что она записала',
  log_autovacuum_min_duration: 'в журнале будет, что долгая очистка удалила и чего не смогла',
  track_io_timing:
    'EXPLAIN (BUFFERS) и pg_stat_statements отделят время ввода-вывода от процессорного. pg_test_timing скажет, чего это стоит',
};
