declare module 'pgpass' {
  /** The first entry of the password file that fits, handed to `done`; `undefined` where there is none. */
  function lookUp(
    login: { readonly host: string; readonly port: number; readonly user: string; readonly database: string },
    done: (password: string | undefined) => void,
  ): void;
  export = lookUp;
}
