/**
 * A name for a new run, which serves as a folder and in the name of a schema: `20261122-204501-tune-docs`, at most 48
 * characters of `a-z`, `0-9` and `-`.
 */
export function runName(command: string, dataset: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().replaceAll(/[-:]/g, '').split('T');
  const name = dataset
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${date}-${time.slice(0, 6)}-${command}-${name}`.slice(0, 48).replace(/-$/, '');
}
