import { z } from 'zod';

/** Schema of a fact: a code, and the figures and names behind it. `reports/text` has its sentence in every language. */
export const factSchema = <const Code extends string, Shape extends z.ZodRawShape>(code: Code, data: Shape) =>
  z.strictObject({ code: z.literal(code), data: z.strictObject(data) });
