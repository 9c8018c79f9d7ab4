import { HASH_PARTITIONS } from '../../../workloads/index.js';
import type { RunTexts } from '../run-texts.js';

/** What people call the ways to serve filtered queries. */
export const filteredStrategies: RunTexts['filteredStrategies'] = {
  'exact-scan': 'просмотр таблицы, точная сортировка',
  'pre-filter': 'индекс по фильтру, точная сортировка',
  'block-ranges': 'диапазоны блоков (BRIN) по фильтру, точная сортировка',
  'post-filter': 'векторный индекс, фильтр после него',
  'iterative-relaxed': 'итеративный просмотр, нестрогий порядок, сортировка после него',
  'iterative-strict': 'итеративный просмотр, строгий порядок',
  'partial-index': 'частичный векторный индекс для каждого фильтра',
  'list-partitions': 'секция с векторным индексом для каждого значения',
  'range-partitions': 'секция с векторным индексом для каждого периода',
  'hash-partitions': `секции по хешу значений (${HASH_PARTITIONS}), у каждой векторный индекс`,
  'by-class-size': 'частичные векторные индексы для больших классов, индекс по фильтру для малых',
  'denormalised-pre-filter': 'столбцы скопированы в строки: индекс по фильтру, точная сортировка',
  'denormalised-iterative-relaxed':
    'столбцы скопированы в строки: итеративный просмотр, нестрогий порядок, сортировка после него',
  'denormalised-partial-index': 'столбцы скопированы в строки: частичный векторный индекс для каждого фильтра',
  'denormalised-by-class-size':
    'столбцы скопированы в строки: частичные векторные индексы для больших классов, индекс по фильтру для малых',
};
