import { describe, expect, it } from 'vitest';
import { analyseHistory } from '../../src/migrations/index.js';
import { historyOf, revision } from '../support/histories.js';

const analysed = async (files: Readonly<Record<string, string | Uint8Array>>) => analyseHistory(await historyOf(files));
const codes = (analysis: { findings: readonly { code: string }[] }): readonly string[] =>
  analysis.findings.map(({ code }) => code);
const table = `op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))`;
const drop = `op.drop_table('t')`;

describe('the analysis of a history', () => {
  it('finds nothing in a sound one', async () => {
    const analysis = await analysed({
      'a.py': revision('a', null, { up: table, down: drop }),
      'b.py': revision('b', 'a', {
        up: `op.add_column('t', sa.Column('x', sa.Text()))`,
        down: `op.drop_column('t', 'x')`,
      }),
    });
    expect(analysis.findings).toEqual([]);
    expect(analysis.coverage).toMatchObject({ operations: 4, understood: 4, share: 1 });
    expect(analysis.revisions.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('finds heads, a branch point and a merge', async () => {
    const files = {
      'a.py': revision('aaaa', null, { up: table, down: drop }),
      'b.py': revision('bbbb', 'aaaa', {
        up: `op.add_column('t', sa.Column('x', sa.Text()))`,
        down: `op.drop_column('t', 'x')`,
      }),
      'c.py': revision('cccc', 'aaaa', {
        up: `op.add_column('t', sa.Column('y', sa.Text()))`,
        down: `op.drop_column('t', 'y')`,
      }),
    };
    const open = await analysed(files);
    expect(open.findings).toMatchObject([
      {
        code: 'several-heads',
        data: {
          heads: [
            { revision: 'bbbb', file: 'b.py' },
            { revision: 'cccc', file: 'c.py' },
          ],
        },
      },
      { code: 'branch-points' },
    ]);
    const merged = await analysed({ ...files, 'd.py': revision('dddd', ['bbbb', 'cccc']) });
    expect(codes(merged)).toEqual(['branch-points']);
    expect(merged.graph).toMatchObject({ heads: ['dddd'], merges: ['dddd'] });
  });

  it('finds a broken chain, a circle and an identifier that is used twice', async () => {
    const analysis = await analysed({
      'a.py': revision('aaaa', 'lost', { up: table, down: drop }),
      'b.py': revision('bbbb', 'cccc', { up: table, down: drop }),
      'c.py': revision('cccc', 'bbbb', { up: table, down: drop }),
      'd.py': revision('aaaa', null, { up: table, down: drop }),
    });
    expect(codes(analysis)).toEqual(['cyclic-history', 'broken-chain', 'duplicate-revision', 'does-not-fit']);
    expect(analysis.findings[1]!.data).toEqual({ at: { revision: 'aaaa', file: 'a.py', line: 16 }, parent: 'lost' });
  });

  it('finds revisions that are empty, mix data with schema, or have no working way back', async () => {
    const analysis = await analysed({
      'a.py': revision('a', null, { up: table, down: drop }),
      'b.py': revision('b', 'a'),
      'c.py': revision('c', 'b', {
        up: `op.add_column('t', sa.Column('x', sa.Text()))\nop.execute("UPDATE t SET x = ''")`,
        down: 'raise NotImplementedError()',
      }),
      'd.py': revision('d', 'c', {
        up: `op.create_foreign_key(None, 't', 't', ['x'], ['id'])`,
        down: `op.drop_constraint(None, 't', type_='foreignkey')`,
      }),
    });
    expect(codes(analysis)).toEqual(['fails-for-certain', 'data-with-schema', 'no-downgrade', 'empty-revision']);
    expect(analysis.findings[0]!.data).toMatchObject({ direction: 'down', places: [{ revision: 'd', line: 21 }] });
  });

  it('reads files of any encoding, with merge markers, and half-written ones', async () => {
    const text = revision('b', 'a', {
      up: `op.add_column('t', sa.Column('naïve', sa.Text()))`,
      down: `op.drop_column('t', 'naïve')`,
    });
    const analysis = await analysed({
      'a.py': Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(revision('a', null, { up: table, down: drop }), 'utf16le'),
      ]),
      'b.py': Buffer.from(text, 'latin1'),
      'c.py': revision('c', 'b', { up: `<<<<<<< HEAD\n${drop}\n=======\n${drop}\n>>>>>>> other` }).replaceAll(
        /^ +(?=[<=>]{7})/gm,
        '',
      ),
      'd.py': `${revision('d', 'c', { up: table, down: drop })}\ndef broken(:\n  op.create_`,
      'e.py': Buffer.from(revision('e', 'd', { up: table, down: drop }), 'utf16le'),
    });
    const problems = analysis.fileProblems.map(({ code, place }) => [code, place.file]);
    expect(problems).toEqual([
      ['not-utf8', 'a.py'],
      ['not-utf8', 'b.py'],
      ['merge-markers', 'c.py'],
      ['nul-bytes', 'e.py'],
      ['half-written', 'd.py'],
    ]);
    expect(analysis.revisions.map(({ id, operations }) => [id, operations])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 2],
      ['d', 1],
      ['e', 1],
    ]);
  });

  it('reads a thousand revisions in the order of their chain', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        `${String((index * 7919) % 1000).padStart(4, '0')}.py`,
        revision(`r${index}`, index === 0 ? null : `r${index - 1}`, {
          up: `op.create_table('t${index}', sa.Column('id', sa.Integer()))`,
          down: `op.drop_table('t${index}')`,
        }),
      ]),
    );
    const analysis = await analysed(files);
    expect(analysis.revisions.map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, index) => `r${index}`));
    expect(analysis.findings).toEqual([]);
  });

  it('counts revisions by month', async () => {
    const analysis = await analysed({
      'a.py': revision('a', null, { up: table, down: drop, date: '2024-01-31' }),
      'b.py': revision('b', 'a', { up: drop, down: table, date: '2024-03-01' }),
      'c.py': revision('c', 'b', { up: `${table}\n${drop}`, down: table, date: '2024-03-02' }),
    });
    expect(analysis.growth).toEqual([
      { month: '2024-01', revisions: 1, operations: 1 },
      { month: '2024-03', revisions: 2, operations: 3 },
    ]);
  });
});
