import fc from 'fast-check';

/** Parameters for `SELECT $1::text, $2::bytea, $3::int, $4::boolean`, each of which comes back as it was sent. */
export const wireValues = fc.tuple(
  // PostgreSQL's text knows no zero, and UTF-8 no lone surrogates.
  fc.option(fc.string({ unit: 'grapheme', maxLength: 300 }).filter((value) => !value.includes('\0'))),
  fc.option(fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array))),
  fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  fc.option(fc.boolean()),
);
