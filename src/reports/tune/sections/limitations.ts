import { list } from '../../text/markdown.js';
import { choicePoint, pointOf, type RunView, tuneAnswer } from '../run-view.js';
import { knowsBuildVariance } from './build-variance.js';

/** What the run did not measure. */
export function limitationsSection(run: RunView): string {
  const { dataset, server } = run.manifest;
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  const best = choicePoint(run, tuneAnswer(run)?.recommendation ?? null);
  const { measured } = best ?? views.find((view) => view.measured) ?? { measured: null };
  const tail = measured?.latencyMs.quantiles.find(({ estimate }) => !estimate);
  const { limitations } = run.texts.sections;
  const wasCold = views.some((view) => view.measured?.cache.state === 'cold');
  return [
    `## ${limitations.heading}`,
    limitations.notMeasured,
    list([
      ...(dataset.synthetic ? [limitations.generated] : []),
      ...(server.label.includes('WebAssembly') ? [limitations.webAssembly] : []),
      limitations.otherSizes(dataset.rows),
      ...(knowsBuildVariance(run) ? [] : [limitations.buildVariance]),
      wasCold ? limitations.systemCache : limitations.coldCaches,
      run.throughputs.size === 0 ? limitations.oneClient : limitations.moreClients,
      limitations.writes,
      ...(tail ? [limitations.tail(Number((100 * tail.p).toPrecision(4)), tail.needs)] : []),
    ]),
  ].join('\n\n');
}
