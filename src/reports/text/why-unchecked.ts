/** Why a check was not made: each reason once. `texts` has a text for every reason, given the part that is missing. */
export const whyUnchecked = <Why extends string>(
  texts: { readonly [W in Why]: (part: string) => string },
  missing: readonly { readonly part: string; readonly why: Why }[],
): string => [...new Set(missing.map(({ part, why }) => texts[why](part)))].join('; ');
