/** A finding, for one. */
export interface Fact {
  readonly code: string;
  readonly data: unknown;
}

/** A text for every code of a union of facts, made from the data of the fact. The compiler misses none. */
export type Catalogue<F extends Fact> = {
  readonly [Code in F['code']]: (data: Extract<F, { readonly code: Code }>['data']) => string;
};

/** The text of one fact. */
export function textOf<F extends Fact>(catalogue: Catalogue<F>, fact: F): string {
  const render: (data: F['data']) => string = catalogue[fact.code as F['code']];
  return render(fact.data);
}
