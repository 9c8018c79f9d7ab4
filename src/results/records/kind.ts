import { z } from 'zod';
import { shortHash } from '../../canonical-json.js';

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
    { type: z.ZodLiteral<Name>; key: z.ZodString; request: Request; startedAt: z.ZodString } & Figures,
    z.core.$strict
  >;
  /** Equal requests have equal keys; the record of an answer is found by it. */
  key(request: z.infer<Request>): string;
}

/** @param figures what its records hold beside type, key, request and the time of the start */
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
    record: z.strictObject({ type: z.literal(name), key: z.string(), request, startedAt: z.string(), ...figures }),
    key,
  };
}
