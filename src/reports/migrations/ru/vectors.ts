import type { Format, PredictedBuild, VectorFinding } from '../../../migrations/index.js';
import type { Catalogue } from '../../text/catalogue.js';
import { formatBytes, formatCount, formatSpan } from '../../../units.js';
import { code } from '../../text/markdown.js';
import { placeText, sightText } from '../places.js';
import { indexSql } from '../vector-form.js';

const SURVIVES: Readonly<Partial<Record<Format, string>>> = {
  alembic:
    'Объявите его в модели, `Index(name, column, postgresql_using=…, postgresql_ops=…, postgresql_with=…)`, или исключите из autogenerate через `include_object` в env.py.',
  prisma:
    'Prisma не умеет его объявлять: держите CREATE INDEX в миграции, написанной вручную (`prisma migrate dev --create-only`), и удаляйте DROP INDEX, который предложит следующая миграция.',
  drizzle: 'Объявите его в таблице: `index(name).using("hnsw", table.column.op("vector_cosine_ops"))`.',
};

const survives = (format: Format): string => SURVIVES[format] ?? 'Создайте его снова отдельной ревизией.';

const ROWS: Readonly<Record<PredictedBuild['rowsFrom'], (rows: string) => string>> = {
  server: (rows) => `В живой таблице строк: ${rows}`,
  stated: (rows) => `Строк: ${rows}`,
  example: (rows) => `Для примера строк: ${rows} (сколько их, скажут --server или --rows)`,
};

/** Memory, time and lock, by the models of `pgvtune plan`. */
function predicted(build: PredictedBuild | null, concurrently: boolean): string {
  if (build === null) return ' Для этого типа затраты не предсказываются.';
  const { rows, rowsFrom, bytes, neededMemoryBytes, memoryBytes, spillRow, fails, workers, seconds } = build;
  const memory = `maintenance_work_mem = ${formatBytes(memoryBytes)}`;
  const needed = formatBytes(neededMemoryBytes);
  const waits = concurrently ? '' : ', и столько же ждёт запись';
  const inMemory = build.secondsInMemory ? ` С ${needed} — ${formatSpan(build.secondsInMemory)}.` : '';
  const parts = [
    `${ROWS[rowsFrom](formatCount(rows))}. Индекс займёт ${formatBytes(bytes)}, построению нужно ${needed} maintenance_work_mem.`,
    ...(fails ? [`С ${memory} оно завершится ошибкой.${inMemory}`] : []),
    ...(seconds
      ? [
          `С ${memory}, рабочих процессов: ${workers}, оно займёт ${formatSpan(seconds)}${waits}${spillRow === null ? '.' : `: граф перестаёт помещаться после строки ${formatCount(spillRow)}.${inMemory}`}`,
        ]
      : []),
  ];
  return ` ${parts.join(' ')}`;
}

export const vectors: Catalogue<VectorFinding> = {
  'vector-index-lost': ({ index, created, dropped, format }) =>
    `Векторный индекс ${code(index.name)} таблицы ${code(index.table)}, созданный в ${sightText(created)}, удалён в ${sightText(dropped)} и больше не создаётся: поиск читает всю таблицу. ${survives(format)} ${code(indexSql(index))}`,
  'vector-operator-class-missing': ({ index, table, column, method, at }) =>
    method === 'hnsw'
      ? `Индекс ${code(index)} по ${code(`${table}.${column}`)} в ${sightText(at)} не называет класс операторов, а у hnsw нет класса по умолчанию: CREATE INDEX завершится ошибкой. Назовите класс того оператора, который используют запросы: vector_cosine_ops для <=>, vector_l2_ops для <->, vector_ip_ops для <#>.`
      : `Индекс ${code(index)} по ${code(`${table}.${column}`)} в ${sightText(at)} не называет класс операторов, и ivfflat берёт vector_l2_ops: запросы с <=> и <#> его не используют.`,
  'vector-dimensions-over-limit': ({ index, table, type, dimensions, most, at }) =>
    `Индекс ${code(index)} таблицы ${code(table)} в ${sightText(at)} построен по ${code(type)}: измерений ${dimensions}, а такой индекс допускает не больше ${most}, и CREATE INDEX завершится ошибкой. ${type.startsWith('vector') ? 'Индекс по (column::halfvec(n)) допускает до 4000.' : 'Индексируйте первые измерения или двоичное квантование.'}`,
  'vector-dimensions-missing': ({ index, table, column, at }) =>
    `Индекс ${code(index)} в ${sightText(at)} построен по ${code(`${table}.${column}`)}, тип которого не называет число измерений: CREATE INDEX завершится ошибкой. Задайте столбцу тип вида vector(1536) или индексируйте приведение.`,
  'vector-dimensions-changed': ({ table, column, from, to, at, indexes }) =>
    `${code(`${table}.${column}`)} меняется с ${code(from)} на ${code(to)} в ${sightText(at)}: это завершится ошибкой на первой же строке с вектором, потому что приведение не меняет число измерений. Добавьте столбец, заполните его новыми эмбеддингами и переключитесь.${indexes.length === 0 ? '' : ` Индексы, которые нужно построить для него: ${indexes.map(code).join(', ')}.`}`,
  'ivfflat-on-empty-table': ({ index, table, at }) =>
    `Индекс IVFFlat ${code(index)} создаётся вместе с ${code(table)} в ${sightText(at)}, на пустой таблице: центры вычислены ни по чему, и полнота останется низкой. Создайте его после загрузки строк или используйте hnsw.`,
  'vector-before-extension': ({ table, at, extension }) =>
    extension === null
      ? `В ${code(table)} в ${sightText(at)} есть столбец векторного типа, но ни одна ревизия не создаёт расширение: в новой базе оно нужно заранее. Добавьте CREATE EXTENSION IF NOT EXISTS vector в первую ревизию.`
      : `В ${code(table)} в ${sightText(at)} есть столбец векторного типа раньше, чем ${sightText(extension)} создаёт расширение: на пустой базе история завершится ошибкой.`,
  'vector-cast-expression': ({ index, table, expression, operatorClass, at }) =>
    `Индекс ${code(index)} таблицы ${code(table)} в ${sightText(at)} построен по выражению ${code(expression)}${operatorClass === null ? '' : ` (${code(operatorClass)})`}: его используют только запросы с точно таким приведением. Запросы по самому столбцу читают всю таблицу.`,
  'vector-index-build': ({ index, table, method, at, concurrently, build }) =>
    concurrently
      ? `Индекс ${method} ${code(index)} таблицы ${code(table)} в ${placeText(at)} строится параллельно с записью, и ${sightText(at)} ждёт его.${predicted(build, true)}`
      : `Индекс ${method} ${code(index)} таблицы ${code(table)} в ${sightText(at)} строится, пока запись в таблицу ждёт (блокировка SHARE). Стройте его через CONCURRENTLY вне транзакции, с достаточным maintenance_work_mem.${predicted(build, false)}`,
};
