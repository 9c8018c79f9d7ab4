/** What an application says of a statement in a comment. */
export interface Tags {
  /** The endpoint, job or controller that sent it; null: it does not say. */
  readonly route: string | null;
  /** W3C trace id; null: it does not say. */
  readonly trace: string | null;
}

const COMMENT = String.raw`\/\*((?:(?!\*\/)[^])*)\*\/`;
const AT_START = new RegExp(String.raw`^\s*${COMMENT}`);
const AT_END = new RegExp(String.raw`${COMMENT}[\s;]*$`);
/** sqlcommenter: `route='%2Fusers'`; Marginalia and Rails before 7.1: `controller:users`. */
const TAG = /(?:^|,)\s*([\w.%-]+)(?:=\s*'((?:[^'\\]|\\.)*)'|:([^,]*))/g;
const TRACE = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/i;
const LONGEST_ROUTE = 120;

/**
 * The tags of a statement, and the statement without the comments that they are in. Only tags that say which part of the application
 * sent it are read: others may hold anything.
 *
 * Source: https://google.github.io/sqlcommenter/spec/ and https://www.w3.org/TR/trace-context/ § 3.2.
 */
export function readTags(text: string): { readonly tags: Tags; readonly text: string } {
  const [before, after] = [AT_START.exec(text), text.includes('*/') ? AT_END.exec(text) : null];
  if (!before && !after) return { tags: NO_TAGS, text };
  const tags = new Map(
    [before, after].flatMap((found) =>
      [...(found?.[1] ?? '').matchAll(TAG)].map(([, key, value, plain]) => [
        decoded(key!).toLowerCase(),
        decoded((value ?? plain ?? '').replaceAll(/\\(.)/g, '$1').trim()),
      ]),
    ),
  );
  return {
    tags: { route: routeOf(tags), trace: TRACE.exec(tags.get('traceparent') ?? '')?.[1]?.toLowerCase() ?? null },
    text: text.replace(AT_END, '').replace(AT_START, ''),
  };
}

const NO_TAGS: Tags = { route: null, trace: null };

function routeOf(tags: ReadonlyMap<string, string>): string | null {
  const { route, controller, action, job } = Object.fromEntries(tags);
  const found =
    route ??
    (controller === undefined ? (job ?? action) : action === undefined ? controller : `${controller}#${action}`);
  // What follows a question mark, and numbers in a path, are values of a request.
  const own = found
    ?.replace(/\?.*$/s, '')
    .replaceAll(/\/(?:\d+|[\da-f]{8}-[\da-f-]{27})(?=\/|$)/gi, '/:id')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return own === undefined || own === '' ? null : own.slice(0, LONGEST_ROUTE);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
