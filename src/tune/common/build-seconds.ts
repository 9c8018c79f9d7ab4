import { shortHash } from '../../canonical-json.js';
import type { BuildRecord, BuildRequest } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';

/**
 * What a build may take beside what is expected of it: for each doubling of the rows, and for other parameters. A graph that
 * no longer fits its memory takes several times as long, and no build on fewer rows shows that.
 */
const ERROR = { perDoubling: 0.1, otherParameters: 0.2 };

/**
 * Seconds that an index may take to build, by the one most like it that was built: an insert costs the logarithm of the
 * rows, and each build parameter in proportion, which is more than it does as a rule. Where an index was built on some of the
 * rows and on all of them, others of its method that were built on as many grow as that one did.
 *
 * @param table rows of all
 * @returns a high estimate; null where no index of its method was built. A part of the table takes no longer than all of it
 */
export function mostBuildSeconds(
  { spec, rows, columnIndex, text }: BuildRequest,
  known: Iterable<BuildRecord>,
  table: number,
): number | null {
  if (columnIndex || text || spec.method === 'none') return null;
  const built = [...known].filter(
    ({ request, status }) =>
      status === 'ok' &&
      request.spec.method === spec.method &&
      !request.placement &&
      !request.columnIndex &&
      !request.text,
  );
  const wanted = rows ?? table;
  const rowsOf = ({ request }: BuildRecord): number => request.rows ?? table;
  const candidates = built.map((like) => {
    const grows = growth(built, { from: rowsOf(like), to: wanted, rowsOf });
    const differs = parametersRatio(spec, like.request.spec);
    const error =
      1 +
      (grows.isSeen ? 0 : ERROR.perDoubling * Math.abs(Math.log2(wanted / rowsOf(like)))) +
      (differs === 1 ? 0 : ERROR.otherParameters);
    return { seconds: like.seconds * grows.ratio * differs, error };
  });
  const [best] = candidates.toSorted((a, b) => a.error - b.error);
  return best ? best.seconds * best.error : null;
}

/** How many times longer a build of more rows takes: as seen, else by the law. */
function growth(
  built: readonly BuildRecord[],
  { from, to, rowsOf }: { readonly from: number; readonly to: number; readonly rowsOf: (build: BuildRecord) => number },
): { readonly ratio: number; readonly isSeen: boolean } {
  if (from === to) return { ratio: 1, isSeen: true };
  for (const small of built.filter((build) => rowsOf(build) === from && build.seconds > 0)) {
    const large = built.find(
      (build) => rowsOf(build) === to && build.request.spec.representation === small.request.spec.representation,
    );
    if (!large) continue;
    return {
      ratio: large.seconds / small.seconds / parametersRatio(large.request.spec, small.request.spec),
      isSeen: true,
    };
  }
  return { ratio: work(to) / work(from), isSeen: false };
}

const work = (rows: number): number => rows * Math.log(Math.max(2, rows));

/** Product of the ratios of all parameters that are numbers. */
function parametersRatio(one: IndexSpec, other: IndexSpec): number {
  if (shortHash(one.parameters) === shortHash(other.parameters)) return 1;
  return Object.entries(one.parameters).reduce((product, [name, value]) => {
    const than = other.parameters[name];
    return typeof value === 'number' && typeof than === 'number' && value > 0 && than > 0
      ? product * (value / than)
      : product;
  }, 1);
}
