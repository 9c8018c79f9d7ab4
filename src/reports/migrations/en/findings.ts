import type { HistoryFinding, Sight } from '../../../migrations/index.js';
import type { Catalogue } from '../../text/catalogue.js';
import { code } from '../../text/markdown.js';
import { plural } from '../../text/en/plural.js';
import { placeText, sightText, someOf } from '../places.js';
import type { FileProblemTexts } from '../texts.js';

const more = (count: number): string => `and ${count} more`;
const revisions = (count: number): string => plural(count, { one: 'revision', other: 'revisions' });

const fileProblems: FileProblemTexts = {
  'merge-markers': 'has merge markers. Both sides were read; resolve the conflict.',
  'half-written': 'is not valid Python from here on. What could be read was read.',
  'not-utf8': 'is not encoded in UTF-8.',
  'nul-bytes':
    'has NUL bytes, which Python and psql refuse (UTF-16 without a byte order mark?). It was read without them.',
  'no-revision': 'defines no revision, so it is no part of the history.',
  'no-upgrade': 'has no upgrade().',
  unreadable: 'cannot be read, or is larger than 20 MB.',
};

const droppedText = (
  gone: readonly { readonly name: string; readonly created: Sight; readonly dropped: Sight }[],
  what: string,
): string =>
  `${what} were later dropped: ${someOf(
    gone.map(
      ({ name, created, dropped }) =>
        `${code(name)} (created in ${sightText(created)}, dropped in ${sightText(dropped)})`,
    ),
    more,
    5,
  )}.`;

export const findings: Catalogue<HistoryFinding> = {
  'broken-file': ({ problem, at }) => `${placeText(at)} ${fileProblems[problem]}`,
  'cyclic-history': ({ revisions: ids }) =>
    ids.length === 1
      ? `${someOf(ids.map(code), more)} follows itself, so it can never run. Correct its down_revision.`
      : `${someOf(ids.map(code), more)} follow each other in a circle, so none of them can run. Correct down_revision in one of them.`,
  'broken-chain': ({ at, parent }) =>
    `${sightText(at)} follows ${code(parent)}, which is in no file: nothing from here on can run on an empty database. Restore the file, or correct down_revision.`,
  'duplicate-revision': ({ revision, files }) =>
    `The identifier ${code(revision)} is used by ${someOf(files.map(code), more)}: only one of them runs. Give the newer one another identifier.`,
  'several-heads': ({ heads }) =>
    `The history has ${heads.length} heads: ${someOf(heads.map(sightText), more)}. An upgrade to “head” is refused until a merge revision joins them.`,
  'unread-migrations': ({ tool, language, files, toSql }) =>
    `${plural(files.length, { one: 'migration', other: 'migrations' })} of ${tool} in ${language} ${files.length === 1 ? 'is' : 'are'} not read, so what ${files.length === 1 ? 'it does' : 'they do'} is missing here: ${someOf(files.map(code), more)}. ${toSql.code === 'each' ? 'Print the SQL of each' : 'Write the schema that they come to'}: ${code(toSql.command)}.`,
  'fails-for-certain': ({ direction, places }) =>
    `${direction === 'up' ? 'The upgrade' : 'The downgrade'} of ${revisions(new Set(places.map(({ revision }) => revision)).size)} always fails, because a constraint is dropped without its name: ${someOf(places.map(sightText), more)}. Give the name that the constraint has in the database.`,
  'data-with-schema': ({ places, of }) =>
    `${places.length} of ${revisions(of)} change rows and tables in one transaction, so the strong locks of the schema change are held while rows are written: ${someOf(places.map(sightText), more)}. Change rows in a revision of their own.`,
  'conditional-operations': ({ places, operations }) =>
    `${plural(operations, { one: 'operation depends', other: 'operations depend' })} on what the migration finds in the database: ${someOf(places.map(sightText), more)}. Two databases can differ after the same history. The analysis takes the branch that fits the schema at that point.`,
  'no-downgrade': ({ revisions: without, of }) =>
    `${without.length} of ${revisions(of)} have no way back: ${someOf(without.map(sightText), more)}.`,
  'empty-revision': ({ revisions: empty }) =>
    `${revisions(empty.length)} ${empty.length === 1 ? 'changes' : 'change'} nothing: ${someOf(empty.map(sightText), more)}.`,
  'branch-points': ({ branchPoints, merges }) =>
    `${plural(branchPoints.length, { one: 'branch point', other: 'branch points' })} (${someOf(branchPoints.map(code), more)}) and ${plural(merges.length, { one: 'merge revision', other: 'merge revisions' })}${merges.length === 0 ? '' : ` (${someOf(merges.map(code), more)})`}: revisions were written at the same time. The order of branches is not fixed; two databases may have run them in different orders.`,
  'does-not-fit': ({ misfits }) =>
    `${plural(misfits.length, { one: 'operation does', other: 'operations do' })} not fit the schema that the history has built by then, so it fails on an empty database or an earlier operation was not understood: ${someOf(
      misfits.map(
        ({ at, misfit, operation, name }) =>
          `${operation} ${code(name)} ${misfit === 'exists' ? '(exists)' : '(missing)'} in ${sightText(at)}`,
      ),
      more,
    )}.`,
  'duplicate-index': ({ index, table, created, other, otherCreated }) =>
    `Index ${code(index)} of ${code(table)} from ${sightText(created)} is the same as ${code(other)} from ${sightText(otherCreated)}: every write maintains both. Drop one of them.`,
  'redundant-index': ({ index, table, created, other, otherCreated }) =>
    `Index ${code(index)} of ${code(table)} from ${sightText(created)} holds the first keys of ${code(other)} from ${sightText(otherCreated)}, which serves the same searches. Dropping it saves writes; the larger index costs a little more to read.`,
  'recreated-index': ({ again, isIdentical }) =>
    isIdentical
      ? `${plural(again.length, { one: 'index was', other: 'indexes were' })} dropped and created again unchanged, which builds it twice and leaves queries without it in between: ${someOf(
          again.map(
            ({ index, renamed, dropped, created }) =>
              `${code(index)}${renamed === null ? '' : ` as ${code(renamed)}`} (dropped in ${sightText(dropped)}, created in ${sightText(created)})`,
          ),
          more,
        )}. To change a name, use ALTER INDEX … RENAME TO.`
      : `${plural(again.length, { one: 'index was', other: 'indexes were' })} replaced by another definition under the same name: ${someOf(
          again.map(({ index, dropped, created }) => `${code(index)} (${sightText(dropped)}, ${sightText(created)})`),
          more,
        )}.`,
  'renamed-back': ({ chains }) =>
    `${plural(chains.length, { one: 'name was', other: 'names were' })} changed more than once: ${someOf(
      chains.map(
        ({ table, names, isBack, created }) =>
          `${table === null ? '' : `${code(table)}.`}${names.map(code).join(' → ')}${isBack ? ' (and back)' : ''}, created in ${sightText(created)}`,
      ),
      more,
    )}.`,
  'type-steps': ({ columns }) =>
    `${plural(columns.length, { one: 'column changed its type', other: 'columns changed their type' })} in several steps, each of which may have rewritten the table: ${someOf(
      columns.map(
        ({ table, column, types }) =>
          `${code(`${table}.${column}`)}: ${types.map(({ type, at }) => `${code(type)} in ${code(at.revision)}`).join(' → ')} (last ${placeText(types.at(-1)!.at)})`,
      ),
      more,
    )}.`,
  'cancelling-revisions': ({ pairs }) =>
    `${plural(pairs.length, { one: 'pair of revisions cancels', other: 'pairs of revisions cancel' })} out, the second dropping all that the first creates: ${someOf(
      pairs.map(({ first, second }) => `${sightText(first)} and ${sightText(second)}`),
      more,
    )}.`,
  'often-altered': ({ tables, atLeast }) =>
    `${plural(tables.length, { one: 'table is', other: 'tables are' })} altered by ${atLeast} revisions or more: ${someOf(
      tables.map(
        ({ table, revisions: count, places }) => `${code(table)} by ${count}, last in ${sightText(places.at(-1)!)}`,
      ),
      more,
    )}.`,
  'dropped-tables': ({ gone, of }) =>
    droppedText(gone, `${gone.length} of ${plural(of, { one: 'table', other: 'tables' })} ever created`),
  'dropped-columns': ({ gone, of }) =>
    droppedText(gone, `${gone.length} of ${plural(of, { one: 'column', other: 'columns' })} ever created`),
  'dropped-indexes': ({ gone, of }) =>
    droppedText(gone, `${gone.length} of ${plural(of, { one: 'index', other: 'indexes' })} ever created`),
  'dropped-constraints': ({ gone, of }) =>
    droppedText(gone, `${gone.length} of ${plural(of, { one: 'constraint', other: 'constraints' })} ever created`),
  'dropped-enums': ({ gone, of }) =>
    droppedText(gone, `${gone.length} of ${plural(of, { one: 'enumeration', other: 'enumerations' })} ever created`),
};
