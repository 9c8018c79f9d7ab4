import { isWorthMasking, redact, redactPrinted, secretsIn } from '../redact.js';
import type { Io } from './io.js';

/** An {@link Io} whose output never shows a password. */
export interface RedactingIo extends Io {
  /** Masks passwords in a text that leaves by another way than the two streams. */
  readonly redacted: (text: string) => string;
}

/**
 * The only place where this program prints is the only place where passwords are masked, whatever message, document or
 * stack they occur in. What is known to be secret comes from the arguments and the environment; anything else is masked by
 * its form.
 */
export function redactingIo(io: Io, argv: readonly string[]): RedactingIo {
  const secrets = knownSecrets(argv, io.env);
  return {
    ...io,
    stdout: redacting(io.stdout, secrets),
    stderr: redacting(io.stderr, secrets),
    redacted: (text) => redact(text, secrets),
  };
}

function knownSecrets(argv: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  const { PGPASSWORD = '', PGUSER = '', PGDATABASE = '', PGHOST = '', DATABASE_URL = '' } = env;
  const inVariable = isWorthMasking(PGPASSWORD, `postgres ${PGUSER} ${PGDATABASE} ${PGHOST}`) ? [PGPASSWORD] : [];
  return [...new Set([...inVariable, ...[...argv, DATABASE_URL].flatMap(secretsIn)])];
}

/** The same stream, but what is written to it is masked and printable. */
function redacting<S extends Io['stdout']>(stream: S, secrets: readonly string[]): S {
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') {
        return (chunk: unknown, ...rest: never[]) =>
          target.write(typeof chunk === 'string' ? redactPrinted(chunk, secrets) : chunk, ...rest);
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
