import { formatCount } from '../../../../units.js';
import { confidenceText } from '../../figures.js';
import type { RunTexts } from '../../run-texts.js';
import { rows as countRows } from '../plural.js';

/** The report of a statement that was tuned. */
export const statement: RunTexts['sections']['statement'] = {
  title: 'Запрос приложения',
  recommended: (option, { k, recall }) =>
    `**Рекомендация:** ${option}: самый быстрый вариант, для которого показано, что recall@${k} не ниже ${recall}.`,
  none: ({ k, recall }) => `Ни для одного из проверенных индексов не показано, что recall@${k} не ниже ${recall}.`,
  unfinished: '> Запуск не завершён: рекомендации ещё нет.',
  change: 'Что изменить',
  evidence: 'Измерения',
  method: 'Как измерено',
  option: 'индекс и настройки',
  buffers: 'буферов на запрос',
  build: 'время построения',
  verdict: 'вывод',
  plan: 'план',
  verdicts: {
    recommended: 'рекомендуется',
    reached: 'достигает цели',
    missed: 'не достигает цели',
    unused: 'планировщик его не выбирает',
  },
  plans: (plans) =>
    `планы зависят от параметров: ${plans.map(({ plan, queries }) => `${plan} (запросов: ${queries})`).join('; ')}`,
  relaxed:
    'С `relaxed_order` строки могут идти не совсем по возрастанию расстояния. Где порядок важен, отсортируйте их ещё раз, например так:',
  largerTable: (table, recallCommand) =>
    `В ${table} больше строк, чем в выборке: с теми же настройками полнота там будет ниже, а индекс больше. Когда он построен, измерьте полноту там: ${recallCommand}`,
  measuredOn: (server, copied) => `измерено на сервере ${server}, на копии таблиц: ${copied.join(', ')}`,
  copied: (table, rows, isSample) => `${table} (${countRows(rows)}${isSample ? ', выборка' : ''})`,
  parameter: ({ number, source, comparedWith, value }, queries) => {
    const row = queries === 'log' ? 'случайной строки для каждого запроса' : 'строки, вектор которой и есть запрос';
    const sources: Record<typeof source, string> = {
      given: `${value}, как задано`,
      row: `${comparedWith} ${row}`,
      'other-rows': `${comparedWith} случайных строк`,
      table: `${comparedWith} случайных строк своей таблицы`,
      executions: 'из выполнений запроса в журнале сервера',
    };
    return `$${number}: ${sources[source]}`;
  },
  without: (p50, queries) => `без индекса по векторам: p50 ${p50}, n = ${formatCount(queries)}`,
  confidence: (confidence, tested) =>
    `полнота считается достигнутой, если запросы показывают её с доверительной вероятностью ${confidenceText(confidence)} (односторонней${tested > 1 ? `, с поправкой на число проверенных вариантов: ${tested}` : ''})`,
};
