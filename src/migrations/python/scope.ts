import { equalValues, UNKNOWN, type Value } from './values.js';

/** Names and what is known of their values; an inner scope sees the outer ones. */
export class Scope {
  readonly #names = new Map<string, Value>();
  readonly #outer: Scope | null;

  constructor(outer: Scope | null = null) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  /** What is known now, to come back to it. */
  snapshot(): ReadonlyMap<string, Value> {
    return new Map(this.#names);
  }

  restore(names: ReadonlyMap<string, Value>): void {
    this.#names.clear();
    for (const [name, value] of names) this.#names.set(name, value);
  }

  /** Two ways led here: what differs between them is no longer known. */
  merge(other: ReadonlyMap<string, Value>): void {
    for (const name of new Set([...this.#names.keys(), ...other.keys()])) {
      const [mine, theirs] = [this.#names.get(name), other.get(name)];
      if (mine !== theirs && !(mine && theirs && equalValues(mine, theirs))) {
        this.#names.set(name, mine && theirs ? UNKNOWN : (mine ?? theirs)!);
      }
    }
  }
}
