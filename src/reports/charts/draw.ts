import type { EChartsOption } from 'echarts';
import { printable } from '../../printable.js';

const WIDTH = 900;
const HEIGHT = 520;

/**
 * Draws a chart as SVG text. The library is loaded only here: its import takes half a second.
 *
 * @returns the same text for the same option, whatever was drawn before in this process
 */
export async function drawSvg(option: EChartsOption): Promise<string> {
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ ...option, animation: false });
    // Some characters make XML invalid, however they are written.
    return renumbered(printable(chart.renderToSVGString()));
  } finally {
    // An undisposed chart keeps the process alive for ever.
    chart.dispose();
  }
}

/** Names in the SVG carry counters of the whole process; here they count from 0 in order of appearance. */
function renumbered(svg: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/\bzr\d+-([a-z]+)-?\d+\b/g, (name, kind: string) => {
    const known = names.get(name) ?? `zr-${kind}-${names.size}`;
    names.set(name, known);
    return known;
  });
}
