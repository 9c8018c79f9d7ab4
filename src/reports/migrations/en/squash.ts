import { formatCount } from '../../../units.js';
import { code } from '../../text/markdown.js';
import { placeText } from '../places.js';
import { pythonNames } from '../squash-files.js';
import { plural } from '../../text/en/plural.js';
import type { Lack } from '../../../migrations/index.js';
import type { SquashTexts } from '../squash-texts.js';

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const LACKING: Readonly<Partial<Record<Lack['kind'], string>>> = {
  relation: 'table or view',
  schema: 'schema',
  object: 'type, role or other object',
  function: 'function',
  column: 'column',
};

export const squash: SquashTexts = {
  plan: 'Squash plan',
  effect: (files, statements) =>
    `${plural(files.before, { one: 'revision becomes', other: 'revisions become' })} ${files.after}; ${plural(statements.before, { one: 'statement becomes', other: 'statements become' })} ${statements.after}.`,
  nothing: 'There is nothing to squash.',
  group: 'Group',
  revisions: 'Revisions',
  statements: 'Statements',
  becomes: 'Becomes',
  stays: 'stays as it is',
  keptNewer: (count) => `${plural(count, { one: 'newer revision is', other: 'newer revisions are' })} not touched.`,
  argument: 'For and against',
  forIt: (removed, time) =>
    `For: ${plural(removed, { one: 'file fewer', other: 'files fewer' })} to read, load and keep working${time === null ? '' : `; building an empty database takes ${seconds(time.after)} instead of ${seconds(time.before)}`}. Every test run and every new installation pays for the history.`,
  againstIt:
    'Against: the baseline has no way back; open branches with revisions on a squashed one have to be moved; a database that is older than the baseline can no longer be upgraded by this code. A squash that saves little is not worth that.',
  barriers: 'Barriers',
  barriersIntro:
    'A person must look at each of these. Those that stay in the baseline run as they are, in their place.',
  barrier: {
    rows: 'writes rows; stays in the baseline',
    code: 'runs code; stays in the baseline',
    'not-followed': 'its dependencies are not followed; stays in the baseline',
    'not-written': 'cannot be written anew without loss; its revision stays',
    transient: 'creates a table that lasts only as long as its transaction; its revision stays',
    'no-sql': 'exists only as code, or is not understood; its revision stays',
  },
  omissions: 'Left out',
  omission: {
    'no-rows': (count) =>
      `${plural(count, { one: 'statement changes', other: 'statements change' })} rows of tables that are empty when the history runs on a new database. Deployed databases have run them.`,
    setting: (count) =>
      `${plural(count, { one: 'statement', other: 'statements' })} of the session (lock_timeout, VACUUM and the like).`,
    'no-effect': (count) =>
      `${plural(count, { one: 'statement does', other: 'statements do' })} nothing on an empty database: queries, and operations whose condition is not met.`,
  },
  procedure: 'Procedure',
  steps: ({ head, alembic, drift }) => [
    'Make sure that every deployed database is at the last squashed revision or later. This is the hard stop: older ones must be upgraded first, by the old code.',
    'Announce the squash, and merge or move the open branches that add revisions.',
    'Back up every database: `pg_dump --format=custom --file=before-squash.dump`. Note the revision that each is at.',
    ...(alembic
      ? [
          `Replace the ${plural(alembic.files, { one: 'squashed file', other: 'squashed files' })} by the proposed baselines: ${alembic.commands.map(code).join(', then ')}. Each carries the identifier of the last revision that it replaces, so a database at ${code(head)} stays where it is and runs nothing.`,
          ...alembic.parentChanges.map(
            ({ file, member, to }) =>
              `In ${code(file)} write ${code(`${member} = ${pythonNames(to)}`)}: what it follows is squashed.`,
          ),
          `On a database at another revision that is squashed, upgrade with the old code first. Only where the schema is known to be that of the baseline: ${code(`alembic stamp ${head}`)}.`,
        ]
      : [
          'Replace the squashed files by the proposed baselines, and mark them as applied in the table of versions of every deployed database.',
          'Never run a baseline on a deployed database.',
        ]),
    `Build an empty database from the new files, run the tests, and compare it with production: ${code(drift)}.`,
    'Rollback: restore the old files from version control; no deployed database was changed, so nothing has to be undone there.',
  ],
  proof: 'Proof',
  notProved: 'Not verified. `--prove` builds both on a scratch database and compares their catalogs.',
  proved: (objects, server) =>
    `The history and its squashed form were built on ${server}. Their catalogs are equal: ${plural(objects, { one: 'object', other: 'objects' })}, 0 differences.`,
  hardlyProved: (leftOut, statements, server) =>
    `Not verified: of ${plural(statements, { one: 'statement', other: 'statements' })}, ${formatCount(leftOut)} did not run on ${server}. The catalogs of the rest are equal, which says little about the history.`,
  partly: (count) =>
    `${plural(count, { one: 'operation exists', other: 'operations exist' })} only as code or was not understood, and ran in neither of the two: what it would change is not part of the proof.`,
  leftOut: (count, places) =>
    `${plural(count, { one: 'statement lacks what only such an operation would have made, and was', other: 'statements lack what only such operations would have made, and were' })} left out of both: ${places}.`,
  lack: ({ kind, name }) => {
    const what = name === null ? '' : ` ${code(name)}`;
    if (kind === 'extension')
      return `The scratch server does not have the extension${what}: install it there, or name a server that has it (\`--scratch\` with a URL).`;
    if (kind === 'syntax')
      return `The scratch server does not know this syntax${name === null ? '' : ` (at ${code(name)})`}: name a newer server (\`--scratch\` with a URL).`;
    if (kind === 'privilege')
      return 'The role has no right to do this: name a server with a superuser (`--scratch` with a URL).';
    return `It lacks the ${LACKING[kind] ?? ''}${what}: write what the application or its platform makes before the first migration into a file of SQL, and give it by \`--prepare\`.`;
  },
  failed: (what, place, sqlstate) =>
    `Not verified: ${what === 'history' ? 'the history itself fails on an empty database' : 'the squashed form fails'} at ${place}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}.`,
  differ: (count, server) =>
    `**Refuted.** Built on ${server}, the two differ in ${plural(count, { one: 'object', other: 'objects' })}:`,
  object: 'Object',
  byHistory: 'By the history',
  bySquash: 'Squashed',
  times: 'Time',
  timesText: ({ revisions, seconds: total, server }) =>
    `${plural(revisions, { one: 'migration', other: 'migrations' })} on an empty database of ${server}: ${seconds(total)}. Rows cost extra: these are the times without any.`,
  slowest: 'Slowest',
  share: 'Share',
  slowestDown: ({ revisions, seconds: total }) =>
    `${plural(revisions, { one: 'migration goes', other: 'migrations go' })} down in ${seconds(total)}. Slowest`,
  wayBack: ({ revisions, ran, failed, without, unknown }) => {
    if (ran === revisions) return ['Down and up again both run.'];
    if (without.length === revisions) return ['No migration has a way down.'];
    return [
      `Down and up again: ${formatCount(ran)} of ${plural(revisions, { one: 'migration', other: 'migrations' })} ${ran === 1 ? 'runs' : 'run'}.`,
      ...failed.map(({ revision, way, place, sqlstate }) => {
        const where = `at ${placeText(place)}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}`;
        return way === 'down'
          ? `${code(revision)} fails on the way down ${where}.`
          : `${code(revision)} fails on the way up again ${where}: its downgrade leaves something behind, or takes too much.`;
      }),
      ...(without.length === 0
        ? []
        : [
            `No way down: ${without.map(code).join(', ')}. Older migrations were tried on a database that was built up to them.`,
          ]),
      ...(unknown.length === 0
        ? []
        : [`Not known, because a part of it exists only as code: ${unknown.map(code).join(', ')}.`]),
    ];
  },
};
