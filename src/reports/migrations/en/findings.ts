import type { HistoryFinding } from '../../../migrations/index.js';
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
  'no-revision': 'defines no revision, so it is no part of the history.',
  'no-upgrade': 'has no upgrade().',
  unreadable: 'cannot be read, or is larger than 20 MB.',
  'unknown-name': 'has a name that the tool would ignore.',
};

export const findings: Catalogue<HistoryFinding> = {
  'broken-file': ({ problem, at }) => `${placeText(at)} ${fileProblems[problem]}`,
  'cyclic-history': ({ revisions: ids }) =>
    `${someOf(ids.map(code), more)} follow each other in a circle, so none of them can run. Correct down_revision in one of them.`,
  'broken-chain': ({ at, parent }) =>
    `${sightText(at)} follows ${code(parent)}, which is in no file: nothing from here on can run on an empty database. Restore the file, or correct down_revision.`,
  'duplicate-revision': ({ revision, files }) =>
    `The identifier ${code(revision)} is used by ${someOf(files.map(code), more)}: only one of them runs. Give the newer one another identifier.`,
  'several-heads': ({ heads }) =>
    `The history has ${heads.length} heads: ${someOf(heads.map(sightText), more)}. An upgrade to “head” is refused until a merge revision joins them.`,
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
};
