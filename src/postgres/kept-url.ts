const MASK = '***';

/**
 * A server as a run keeps it: a connection URL without its password, anything else as it is.
 *
 * @param choice `auto`, `local` …, or a URL that was read
 */
export function withoutPassword(choice: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^(postgres(?:ql)?:\/\/)([^/?#]*)(.*)$/is.exec(choice) ?? [];
  if (scheme === '') return choice;
  const at = authority.lastIndexOf('@');
  const login = authority.slice(0, Math.max(at, 0)).replace(/:.+$/s, `:${MASK}`);
  const address = authority.slice(at + 1);
  return `${scheme}${login}${at < 0 ? '' : '@'}${address}${rest.replaceAll(/([?&]password=)[^&]+/gi, `$1${MASK}`)}`;
}

/** Whether {@link withoutPassword} took a password out of a URL. */
export const lacksPassword = (kept: string): boolean => kept.includes(`:${MASK}@`) || kept.includes(`password=${MASK}`);
