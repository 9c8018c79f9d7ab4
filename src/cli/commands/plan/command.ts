import { InvalidArgumentError, Option } from 'commander';
import type { PlannedColumn } from '../../../capacity/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { parseBytes, parseRows } from '../../../units.js';
import { count } from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { wholeNumber, withCommonOptions } from '../../options.js';
import type { PlanOptions } from './question.js';
import { documentText } from '../../document-text.js';

export const planCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('plan'))
    .description('predict size, build memory, disk and work of a table and its indexes, without a server')
    .requiredOption('--rows <count>', 'rows of the table, such as 5M', refusing(parseRows))
    .requiredOption('--dims <count>', 'dimensions of a vector', wholeNumber)
    .option(
      '--type <types>',
      'what the index stores, several side by side: vector, halfvec, bit, subvector(256); or sparsevec',
      'vector',
    )
    .option('--nonzero <count>', 'sparsevec: elements of a vector that are not zero', wholeNumber)
    .option('--method <methods>', 'hnsw, ivfflat, exact, several side by side', 'hnsw')
    .option('--m <count>', 'HNSW: m', wholeNumber)
    .option('--ef-construction <count>', 'HNSW: ef_construction', wholeNumber)
    .option('--lists <count>', 'IVFFlat: lists', wholeNumber)
    .option('--ef-search <count>', 'HNSW: hnsw.ef_search', wholeNumber)
    .option('--probes <count>', 'IVFFlat: ivfflat.probes', wholeNumber)
    .option('-k, --k <rows>', 'neighbours of a query (LIMIT)', wholeNumber, 10)
    .addOption(
      new Option('--column-type <type>', 'type of the column').choices(['vector', 'halfvec']).default('vector'),
    )
    .addOption(
      new Option('--storage <storage>', 'storage of the column').choices(['external', 'plain']).default('external'),
    )
    .option(
      '--column <column>',
      "another column, may be repeated: 'tenant int btree(1000)', 'body text(900) gin(80)'",
      (text: string, before?: readonly string[]) => [...(before ?? []), text],
    )
    .addOption(
      new Option('--memory <size>', 'maintenance_work_mem')
        .argParser(refusing(parseBytes))
        .default(parseBytes('64MB'), '64MB'),
    )
    .option('--workers <count>', 'max_parallel_maintenance_workers', wholeNumber, 2)
    .option('--max-parallel-workers <count>', 'max_parallel_workers, which bounds them', wholeNumber, 8)
    .option('--concurrent-builds <count>', 'builds that run at once', count, 1)
    .option('--ram <size>', 'memory of the server, to say whether the build fits')
    .option('--cores <count>', 'cores of the server, to recommend workers', count)
    .option('--pg-version <major>', 'version of PostgreSQL; default: 17', wholeNumber)
    .option('--pgvector-version <version>', 'version of pgvector; default: the newest')
    .addHelpText(
      'after',
      `
The table is (id bigint PRIMARY KEY, your columns, the vector). A column is its name, its type (of variable length with
the average bytes) and perhaps an index: btree(different values), gin(different words of a row[, of all rows]).

Examples:
  pgvtune plan --rows 5M --dims 1536 --type halfvec --memory 8GB
  pgvtune plan --rows 5M --dims 1536 --type vector,halfvec,bit --method hnsw,ivfflat,exact --memory 16GB
  pgvtune plan --rows 5M --dims 768 --column 'tenant int btree(1000)' --column 'body text(900) gin(80)'
  pgvtune plan --rows 40M --dims 768 --memory 80GB --workers 16 --ram 128GB --cores 16
  pgvtune plan --rows 5M --dims 1536 --type 'subvector(512)' --ef-search 100
  pgvtune plan --rows 5M --dims 30522 --type sparsevec --nonzero 120
  pgvtune plan --rows 5M --dims 768 --method ivfflat --lists 2236 --probes 40`,
    )
    .action(async (options: Omit<PlanOptions, 'column'> & { readonly column?: readonly string[] }) => {
      const { planTable } = await import('../../../capacity/index.js');
      const { parseColumn } = await import('./columns.js');
      const { planQuestion } = await import('./question.js');
      const { planText } = await import('./print.js');
      const columns: readonly PlannedColumn[] = options.column?.map(parseColumn) ?? [];
      const plan = planTable(planQuestion({ ...options, column: columns }));
      io.stdout.write(options.json ? documentText('plan', plan) : planText(plan));
      exit(EXIT.done);
    });
};

/** A parser of quantities as commander wants it: its refusal names the flag. */
function refusing(parse: (text: string) => number) {
  return (text: string): number => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof PgvtuneError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}
