export interface Fact {
  readonly code: string;
  readonly data: unknown;
}

/** At least one of each code, and of each way to say it: the compiler misses none. */
export type Examples<F extends Fact> = {
  readonly [Code in F['code']]: readonly Extract<F, { readonly code: Code }>['data'][];
};

/** Each example by its code, with its text below. */
export const linesOf = (
  examples: Readonly<Record<string, readonly unknown[]>>,
  render: (fact: Fact) => string,
): string =>
  Object.entries(examples)
    .flatMap(([code, data]) => data.map((one) => `${code}\n  ${render({ code, data: one })}\n`))
    .join('');
