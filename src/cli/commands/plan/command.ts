import { InvalidArgumentError } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { parseBytes, parseRows } from '../../../units.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, wholeNumber, withCommonOptions } from '../../options.js';

interface PlanOptions extends CommonOptions {
  readonly rows: number;
  readonly dims: number;
  readonly type: string;
  readonly nonzero?: number;
  readonly method: string;
  readonly m?: number;
  readonly efConstruction?: number;
  readonly lists?: number;
  readonly efSearch?: number;
  readonly probes?: number;
  readonly k: number;
  readonly memory: number;
  readonly workers: number;
}

export const planCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('plan'))
    .description('predict size, build memory and work of an index, without a server')
    .requiredOption('--rows <count>', 'rows of the table, such as 5M', refusing(parseRows))
    .requiredOption('--dims <count>', 'dimensions of a vector', wholeNumber)
    .option('--type <type>', 'what the index stores: vector, halfvec, bit, subvector(256), or sparsevec', 'vector')
    .option('--nonzero <count>', 'sparsevec: elements of a vector that are not zero', wholeNumber)
    .option('--method <method>', 'hnsw or ivfflat', 'hnsw')
    .option('--m <count>', 'HNSW: m', wholeNumber)
    .option('--ef-construction <count>', 'HNSW: ef_construction', wholeNumber)
    .option('--lists <count>', 'IVFFlat: lists', wholeNumber)
    .option('--ef-search <count>', 'HNSW: hnsw.ef_search', wholeNumber)
    .option('--probes <count>', 'IVFFlat: ivfflat.probes', wholeNumber)
    .option('-k, --k <rows>', 'neighbours of a query (LIMIT)', wholeNumber, 10)
    .option('--memory <size>', 'maintenance_work_mem', refusing(parseBytes), parseBytes('64MB'))
    .option('--workers <count>', 'max_parallel_maintenance_workers', wholeNumber, 2)
    .addHelpText(
      'after',
      `
Examples:
  pgvtune plan --rows 5M --dims 1536 --type halfvec --memory 8GB
  pgvtune plan --rows 5M --dims 1536 --type 'subvector(512)' --ef-search 100
  pgvtune plan --rows 5M --dims 30522 --type sparsevec --nonzero 120
  pgvtune plan --rows 5M --dims 768 --method ivfflat --lists 2236 --probes 40`,
    )
    .action(async (options: PlanOptions) => {
      const { planIndex, planText } = await import('./print.js');
      const plan = planIndex(options);
      io.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan));
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
