import { main } from '../../src/cli/main.js';
import { capturingIo } from './command-line.js';

/** `pgvtune metrics`, running. */
export interface Exporter {
  readonly url: string;
  readonly io: ReturnType<typeof capturingIo>;
  /** Stops it. @returns its exit code */
  readonly end: () => Promise<number>;
  readonly scrape: () => Promise<string>;
  /** Scrapes until something is there. */
  readonly until: (condition: RegExp) => Promise<string>;
}

/** Starts the command, which looks every second, on a free port. */
export async function startExporter(directory: string, server: string, ...more: readonly string[]): Promise<Exporter> {
  const controller = new AbortController();
  const io = { ...capturingIo(directory), signal: controller.signal };
  const argv = ['metrics', '--server', server, '--listen', '127.0.0.1:0', '--every', '1s', '--json', ...more];
  const code = main(argv, io);
  while (io.stdout.text() === '') await Promise.race([code, new Promise((resolve) => setImmediate(resolve))]);
  const { url } = JSON.parse(io.stdout.text()) as { url: string };
  const scrape = async (): Promise<string> => (await fetch(url)).text();
  return {
    url,
    io,
    scrape,
    end: () => {
      controller.abort();
      return code;
    },
    async until(condition) {
      for (;;) {
        const page = await scrape();
        if (condition.test(page)) return page;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

/** The value of a sample, named with its labels. */
export const valueOf = (page: string, sample: string): number =>
  Number(
    page
      .split('\n')
      .find((line) => line.startsWith(`${sample} `))!
      .slice(sample.length + 1),
  );
