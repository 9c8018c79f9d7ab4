import { readFileSync } from 'node:fs';

/** The version in package.json, one folder up from here in the source as in the compiled program. */
export function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
