import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** The module `src/reports/page/script.ts`: the script of the page with all that it imports of `tune`, in one piece. */
export async function pageScriptModule(): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, '../../page/main.ts'),
    // What the page does not call has no effects that it needs; nothing of Node is left then.
    treeshake: { moduleSideEffects: false },
    external: /^node:/,
    tsconfig: false,
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  return `/** Bundled from page/main.ts; made anew by \`npx vitest run test/reports/page -u\`. */
export const PAGE_SCRIPT = ${JSON.stringify(output[0].code.trim())};
`;
}
