import { z } from 'zod';
import { shortHash } from '../../canonical-json.js';

/** How far the run was. Absent in records of former versions. */
const runTime = {
  /** Seconds that the run had taken when this was finished: all of its attempts, without the breaks between them. */
  spentSeconds: z.number().min(0).optional(),
  /** Seconds that it was expected to go on for when this was asked; absent where nobody said. */
  expectedSeconds: z.number().min(0).optional(),
};

/** A kind of measurement: what may be asked, and the record that answers it. */
export interface MeasurementKind<
  Name extends string = string,
  Request extends z.ZodType = z.ZodType,
  Figures extends z.ZodRawShape = z.ZodRawShape,
> {
  /** Also the `type` of its records. */
  readonly name: Name;
  readonly request: Request;
  readonly record: z.ZodObject<
    { type: z.ZodLiteral<Name>; key: z.ZodString; request: Request; startedAt: z.ZodString } & typeof runTime & Figures,
    z.core.$strict
  >;
  /** Equal requests have equal keys; the record of an answer is found by it. */
  key(request: z.infer<Request>): string;
}

/** @param figures what its records hold beside type, key, request and times */
export function measurementKind<const Name extends string, Request extends z.ZodType, Figures extends z.ZodRawShape>({
  name,
  request,
  figures,
  key = shortHash,
}: {
  readonly name: Name;
  readonly request: Request;
  readonly figures: Figures;
  readonly key?: (request: z.infer<Request>) => string;
}): MeasurementKind<Name, Request, Figures> {
  return {
    name,
    request,
    record: z.strictObject({
      type: z.literal(name),
      key: z.string(),
      request,
      startedAt: z.string(),
      ...runTime,
      ...figures,
    }),
    key,
  };
}
