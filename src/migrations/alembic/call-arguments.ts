import { textOf, type Value } from '../python/values.js';
import { optionalString, stringOf } from './sql-text.js';

type Call = Extract<Value, { kind: 'call' }>;

/** The table that a batch of operations is about. */
export interface BatchTable {
  readonly table: string;
  readonly schema: string | null;
}

/** Arguments of an operation by name, whether they were given by position or by name, to `op` or to a batch. */
export class CallArguments {
  readonly call: Call;
  readonly #values = new Map<string, Value>();
  readonly #batch: BatchTable | null;

  /** @param names of the parameters by position; in a batch the name of the table is not given */
  constructor(call: Call, names: readonly string[], batch: BatchTable | null) {
    this.call = call;
    this.#batch = batch;
    const positional = batch ? names.filter((name) => name !== 'table_name' && name !== 'source_table') : names;
    for (const [index, name] of positional.entries()) if (call.args[index]) this.#values.set(name, call.args[index]);
    for (const [name, value] of call.named) this.#values.set(name, value);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  string(name: string): string {
    return stringOf(this.get(name), name);
  }

  optional(name: string): string | null {
    return optionalString(this.get(name), name);
  }

  /** The table that the operation is about. @throws {NotStatic} */
  table(parameter = 'table_name'): BatchTable {
    if (this.#batch) return this.#batch;
    return { table: this.string(parameter), schema: this.optional('schema') };
  }

  /** Text of an argument where it is known. */
  text(name: string): string | undefined {
    return textOf(this.get(name));
  }
}
