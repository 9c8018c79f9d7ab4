import type { Format } from '../history.js';
import type { SourceFile } from '../source-file.js';
import { baseName, chain, folderName, isSql, type Layout, type SqlMigration, titleOf } from './layout.js';
import { amongSql } from './other-tools.js';
import { between } from './sections.js';

const sqlFiles = (files: readonly SourceFile[]): readonly SourceFile[] => files.filter(isSql);

/** A layout whose migrations are known by the names of their files. */
const named = (
  format: Format,
  pattern: RegExp,
  read: (files: readonly SourceFile[]) => readonly SqlMigration[],
): Layout => ({
  format,
  matches: (files) => sqlFiles(files).some(({ path }) => pattern.test(path)),
  read(files) {
    const own = ofOneFolder(sqlFiles(files), pattern);
    return chain([...read(own), ...amongSql(files, own)]);
  },
});

/** Of folders with files of the pattern, the one with the most: fixtures of tests look like migrations. */
function ofOneFolder(files: readonly SourceFile[], pattern: RegExp): readonly SourceFile[] {
  const sizes = new Map<string, number>();
  const rootOf = ({ path }: SourceFile): string =>
    folderName(/\/(up|down|migration)\.sql$/.test(path) ? folderName(path) : path);
  for (const file of files.filter(({ path }) => pattern.test(baseOf(path))))
    sizes.set(rootOf(file), (sizes.get(rootOf(file)) ?? 0) + 1);
  const [first] = [...sizes].toSorted(([, a], [, b]) => b - a);
  return first ? files.filter((file) => rootOf(file) === first[0]) : files;
}

/** The name that patterns of layouts are about: the file's, with its folder where that has the version. */
const baseOf = (path: string): string =>
  /\/(up|down|migration)\.sql$/.test(path) ? path.split('/').slice(-2).join('/') : baseName(path);

/** Pairs of files, told apart by a word in their name. */
function pairs(
  files: readonly SourceFile[],
  pattern: RegExp,
  isTransactional: (text: string) => boolean,
): readonly SqlMigration[] {
  const part = ({ path, text }: SourceFile) => ({ file: path, text, inTransaction: isTransactional(text) });
  const found = files.flatMap((file) => {
    const { version, title, way } = pattern.exec(baseName(file.path))?.groups ?? {};
    return version === undefined ? [] : [{ file, version, title, isDown: way === 'down' || way === 'undo' }];
  });
  return found
    .filter(({ isDown }) => !isDown)
    .map(({ file, version, title }) => {
      const back = found.find(
        (other) => other.isDown && other.version === version && folderName(other.file.path) === folderName(file.path),
      );
      return { version, title: titleOf(title), up: part(file), down: back ? part(back.file) : null };
    });
}

const PAIR = /(^|\/)(?<version>\d+)_(?<title>[^/]*)\.(?<way>up|down)\.sql$/i;
/** sqlx and others switch the transaction off by a comment. */
const noTransaction = (text: string): boolean =>
  !/^--\s*(no-transaction|disable-ddl-transaction|atlas:txmode none)/im.test(text);

const golangMigrate = named('golang-migrate', PAIR, (files) => pairs(files, PAIR, noTransaction));

const FLYWAY = /^(?<kind>[VUR])(?<version>[\d._]*)__(?<title>.*)\.sql$/;

const flyway = named('flyway', /(^|\/)[VU][\d._]+__[^/]*\.sql$/, (files) => {
  const parsed = files.flatMap((file) => {
    const groups = FLYWAY.exec(baseName(file.path))?.groups;
    return groups
      ? [
          {
            file,
            kind: groups['kind']!,
            version: groups['version']!.replaceAll('_', '.'),
            title: titleOf(groups['title']),
          },
        ]
      : [];
  });
  return parsed
    .filter(({ kind }) => kind !== 'U')
    .map(({ file, kind, version, title }) => {
      const back = parsed.find((other) => other.kind === 'U' && other.version === version);
      const part = ({ path, text }: SourceFile) => ({
        file: path,
        text,
        inTransaction: !/\bconcurrently\b/i.test(text),
      });
      // Repeatable migrations run after all others, in the order of their names.
      return {
        version: kind === 'R' ? `R ${title ?? ''}` : version,
        title,
        up: part(file),
        down: back ? part(back.file) : null,
      };
    });
});

const DIESEL = /(^|\/)(?<version>[\d-]+)_(?<title>[^/]+)\/up\.sql$/;

const diesel = named('diesel', DIESEL, (files) =>
  files.flatMap((file) => {
    const groups = DIESEL.exec(file.path)?.groups;
    if (!groups) return [];
    const down = files.find(({ path }) => path === file.path.replace(/up\.sql$/, 'down.sql'));
    const part = ({ path, text }: SourceFile) => ({ file: path, text, inTransaction: true });
    const version = groups['version']!;
    return [
      {
        version,
        // Diesel's own version is the digits alone, and a text.
        sortedBy: version.replaceAll('-', ''),
        title: titleOf(groups['title']),
        up: part(file),
        down: down ? part(down) : null,
      },
    ];
  }),
);

const PRISMA = /(^|\/)(?<version>\d{4,})_(?<title>[^/]*)\/migration\.sql$/;

/** Prisma knows a migration by the whole name of its folder, and runs them in the order of these names. */
const prisma = named('prisma', PRISMA, (files) =>
  singles(files, PRISMA, true).map((migration) => {
    const name = baseName(folderName(migration.up.file));
    return { ...migration, version: name, sortedBy: name };
  }),
);

function singles(files: readonly SourceFile[], pattern: RegExp, inTransaction: boolean): readonly SqlMigration[] {
  return files.flatMap((file) => {
    const groups = pattern.exec(file.path)?.groups;
    if (!groups) return [];
    const up = { file: file.path, text: file.text, inTransaction: inTransaction && noTransaction(file.text) };
    return [{ version: groups['version']!, title: titleOf(groups['title']), up, down: null }];
  });
}

const SUPABASE = /(^|\/)(?<version>\d{14})_(?<title>[^/]*)\.sql$/;

const supabase: Layout = {
  ...named('supabase', SUPABASE, (files) => singles(files, SUPABASE, true)),
  matches: (files) => {
    const own = sqlFiles(files);
    return (
      own.length > 0 &&
      own.every(({ path }) => SUPABASE.test(path) || /seed/i.test(path)) &&
      files.some(({ path }) => path.endsWith('config.toml'))
    );
  },
};

const NUMBERED = /(^|\/)(?<version>\d+)[-_](?<title>[^/]*)\.sql$/;

const drizzle: Layout = {
  ...named('drizzle', NUMBERED, (files) => singles(files, NUMBERED, true)),
  matches: (files) =>
    files.some(({ path }) => /(^|\/)meta\/_journal\.json$/.test(path)) ||
    sqlFiles(files).some(({ text }) => text.includes('--> statement-breakpoint')),
};

const sqlx: Layout = {
  ...named('sqlx', NUMBERED, (files) => singles(files, NUMBERED, true)),
  matches: (files) => {
    const own = sqlFiles(files);
    return own.length > 0 && own.every(({ path }) => NUMBERED.test(path));
  },
};

/** Files of both ways, cut at comments of the tool. */
const sectioned = (format: Format, up: RegExp, down: RegExp, off: RegExp): Layout => ({
  format,
  matches: (files) => sqlFiles(files).some(({ text }) => up.test(text)),
  read: (files) =>
    chain([
      ...amongSql(files, sqlFiles(files)),
      ...sqlFiles(files).flatMap(({ path, text }) => {
        const forward = between(text, up, down);
        if (!forward) return [];
        const back = between(text, down, up);
        const [, version = baseName(path), title] = /^(\d+)[-_](.*)\.sql$/i.exec(baseName(path)) ?? [];
        const part = (section: { text: string; linesBefore: number; head: string }) => ({
          file: path,
          text: section.text,
          linesBefore: section.linesBefore,
          inTransaction: !off.test(section.head) && !off.test(section.text),
        });
        return [
          {
            version,
            title: titleOf(title),
            up: part(forward),
            down: back && back.text.trim() !== '' ? part(back) : null,
          },
        ];
      }),
    ]),
});

const dbmate = sectioned('dbmate', /^--\s*migrate:up.*$/m, /^--\s*migrate:down.*$/m, /transaction:\s*false/);
const goose = sectioned('goose', /^--\s*\+goose\s+up.*$/im, /^--\s*\+goose\s+down.*$/im, /\+goose\s+no\s+transaction/i);

/** One file of the whole schema (`structure.sql`, or any dump). */
const rails: Layout = {
  format: 'rails',
  matches: (files) => sqlFiles(files).some(({ path }) => baseName(path) === 'structure.sql'),
  read: (files) =>
    chain(
      sqlFiles(files)
        .filter(({ path }) => baseName(path) === 'structure.sql')
        .map(({ path, text }) => ({
          version: /'(\d{14})'/.exec(text.slice(text.lastIndexOf('schema_migrations')))?.[1] ?? baseName(path),
          title: null,
          up: { file: path, text, inTransaction: false },
          down: null,
        })),
    ),
};

/** Any other files of SQL, in the order of their names. */
const plain: Layout = {
  format: 'sql',
  matches: (files) => sqlFiles(files).length > 0,
  read: (files) =>
    chain(
      sqlFiles(files).map(({ path, text }) => ({
        version: path.replace(/\.sql$/i, ''),
        title: null,
        up: { file: path, text, inTransaction: noTransaction(text) },
        down: null,
      })),
    ),
};

/** From what is known for certain to what takes anything. */
export const SQL_LAYOUTS: readonly Layout[] = [
  golangMigrate,
  flyway,
  diesel,
  prisma,
  dbmate,
  goose,
  drizzle,
  supabase,
  rails,
  sqlx,
  plain,
];
