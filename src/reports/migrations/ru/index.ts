import { code } from '../../text/markdown.js';
import type { MigrationTexts } from '../texts.js';
import { findings } from './findings.js';
import { plural } from './plural.js';
import { hazardText } from './hazards.js';
import { squash } from './squash.js';
import { vectors } from './vectors.js';

export const ru: MigrationTexts = {
  findings,
  vectors,
  hazard: hazardText,
  squash,
  problems: {
    'not-parsed': 'грамматика PostgreSQL 18 это не принимает',
    'computed-sql': 'SQL вычисляется во время выполнения',
    'unknown-operation': 'неизвестная операция или аргумент',
    'unknown-type': 'тип определён в другом месте',
    'other-language': 'написано на другом языке, который не читается',
  },
  severities: { high: 'высокая', medium: 'средняя', low: 'низкая', info: 'к сведению' },
  document: {
    title: (name) => `История миграций: ${name}`,
    summary: 'Сводка',
    format: 'Формат',
    revisions: 'Ревизии',
    operations: 'Операции',
    understood: (understood, operations, share) =>
      `понято ${understood} из ${operations} (${(share * 100).toFixed(1).replace('.', ',')} %)`,
    conditional: 'Операции под условием',
    heads: 'Головы',
    period: 'Период',
    lockTimeout: 'lock_timeout в env.py',
    notSet: 'не задан',
    assumedTypes: (types) =>
      `Типы, определённые в приложении, приняты за то, что говорит их имя: ${types
        .map(
          ({ name, as, operations }) =>
            `${code(name)} — за ${code(as)} (${plural(operations, { one: 'операция', few: 'операции', many: 'операций', other: 'операций' })})`,
        )
        .join(', ')}.`,
    findings: 'Находки',
    noFindings: 'Находок нет.',
    severity: 'Важность',
    finding: 'Находка',
    vectors: 'Векторы',
    hazards: (since) => `Опасности ревизий после ${since}`,
    noHazards: 'Опасностей нет.',
    safeForm: 'Безопасная форма',
    notUnderstood: 'Что не понято',
    notUnderstoodIntro:
      'Этих операций нет ни в одном числе и в воспроизведённой схеме. Каждая из них — преграда для объединения миграций.',
    allUnderstood: 'Поняты все операции.',
    where: 'Где',
    what: 'Что',
    why: 'Почему',
    growth: 'Рост',
    month: 'Месяц',
    method: 'Метод',
    methodText:
      'Код Python разбирается, но не выполняется: прослеживаются константы, циклы по известным спискам, локальные функции и проверки диалекта; если условие неизвестно, читаются и помечаются обе ветви. SQL разбирает грамматика PostgreSQL 18.',
    more: (count) => `и ещё ${count}`,
  },
};
