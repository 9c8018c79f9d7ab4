/**
 * Variables that a child process may need: where programs, files and certificates are. Nothing else is handed on, for any
 * other may be a secret, and a server must not be steered by what the user's shell happens to hold.
 */
const NAMES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'TZ',
  'SystemRoot',
  'APPDATA',
  // Ways of a client to a server
  'PGPASSFILE',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** The environment of a child process. */
export const childEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
