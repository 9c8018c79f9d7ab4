import type { EChartsOption } from 'echarts';

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
    // Class names carry a counter of the whole process.
    return chart.renderToSVGString().replaceAll(/zr\d+-/g, 'zr0-');
  } finally {
    // An undisposed chart keeps the process alive for ever.
    chart.dispose();
  }
}
