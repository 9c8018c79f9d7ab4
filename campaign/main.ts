/*
 * Kills runs at random moments and looks what they leave. Prints how often, and everything that is wrong.
 *
 *   npm run build && npx tsc -p campaign && node dist-campaign/campaign/main.js [seed=1] [rounds=1000] [minutes=600]
 */
import { resolve } from 'node:path';
import { kills } from './kills.js';

const [seed = '1', most = '1000', minutes = '600'] = process.argv.slice(2);
const { played, wrong } = await kills({
  bin: resolve('dist/cli/bin.js'),
  seed: Number(seed),
  rounds: Number(most),
  mostMs: Number(minutes) * 60_000,
  places: ['embedded', 'local', 'url', 'url'],
  disks: process.getuid?.() === 0,
  onRound: ({ run, command, work, server, fault, afterMs }, { code, wrong: found }) =>
    void process.stderr.write(
      `${run} ${command} ${work} ${server.split(':')[0]} ${fault.name} ${afterMs} ms, exit ${code}: ${found.length === 0 ? 'right' : found.join('; ')}\n`,
    ),
});
const lines = [...played]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([what, { rounds, stopped }]) => `| ${what} | ${rounds} | ${stopped} |`);
process.stdout.write(
  [
    '| place and fault | rounds | stopped by it |',
    '| --- | --: | --: |',
    ...lines,
    '',
    `Wrong: ${wrong.length}`,
    ...wrong,
    '',
  ].join('\n'),
);
process.exitCode = wrong.length === 0 ? 0 : 1;
