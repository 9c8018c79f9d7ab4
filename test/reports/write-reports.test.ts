import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReports } from '../../src/reports/index.js';
import { escapeText } from '../../src/reports/text/markdown.js';
import { findings, type JournalRecord, type Reason, type RunManifest } from '../../src/results/index.js';
import { grid } from '../../src/tune/index.js';
import { temporaryFolder } from '../support/processes.js';
import { tableScanned } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';
import { gridFor } from '../support/spaces.js';
import { answer, syntheticBench, type SyntheticServer } from '../support/synthetic-bench.js';

/** A grid of points on one graph, four of them, as a synthetic server measures it. */
function recorded(server: SyntheticServer, efSearch = [10, 20, 40, 80]): readonly JournalRecord[] {
  const bench = syntheticBench(server);
  const records: JournalRecord[] = [];
  const search = grid(
    gridFor([
      {
        spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } },
        settings: efSearch.map((ef_search) => ({ ef_search })),
      },
    ]),
  );
  const found = answer(search, (ask) => {
    const reply = bench.reply(ask);
    records.push(...reply);
    return reply;
  });
  return [...records, { type: 'answer', key: 'answer', finishedAt: '2026-01-01T00:01:00.000Z', answer: found }];
}

const usual: SyntheticServer = {
  figures: (_, ef) => ({ recall: 1 - 1 / ef, medianMs: ef / 40, buffers: 10 * ef }),
};

describe('escaped text', () => {
  it('reads as it is, whatever it holds', () => {
    expect(escapeText('ef_search=40')).toBe('ef_search=40');
    expect(escapeText('_emphasis_ and a__b__')).toBe('\\_emphasis\\_ and a\\_\\_b\\_\\_');
    expect(escapeText('**bold** `code` [link](x) <b> a|b\n# no heading')).toBe(
      '\\*\\*bold\\*\\* \\`code\\` \\[link\\](x) \\<b\\> a\\|b # no heading',
    );
  });
});

describe('the reports of a run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const write = async (records: readonly JournalRecord[], of: RunManifest) => {
    const paths = await writeReports({ folder: folder.path, manifest: of, records });
    const read = (name: string): string => readFileSync(join(folder.path, name), 'utf8');
    return {
      paths,
      markdown: ['vector_optimization.md', 'all_points.md'].map(read).join('\n'),
      points: parse(read('points.csv'), { columns: true }) as Record<string, string>[],
      chart: read('recall-latency.svg'),
    };
  };

  it('are made of manifest and journal, the same every time', async () => {
    const records = recorded(usual);
    const once = await write(records, manifest('local'));
    const again = await write(records, manifest('local'));
    expect(again).toEqual(once);
    expect(once.points.map(({ recall }) => Number(recall))).toEqual([0.9, 0.95, 0.975, 0.9875]);
    expect(once.chart).toMatch(/^<svg [^]*<\/svg>$/);
  });

  it('say beside every latency that it was taken in WebAssembly, where it was', async () => {
    const headers = (markdown: string) =>
      markdown.split('\n').filter((line) => line.startsWith('|') && /\bp50\b/.test(line));
    const embedded = headers((await write(recorded(usual), manifest('embedded'))).markdown);
    expect(embedded.length).toBeGreaterThan(0);
    for (const header of embedded) {
      for (const cell of header.split('|').filter((name) => /\bp\d\d/.test(name) && !name.includes('p5 '))) {
        expect(cell, header).toContain('embedded (WebAssembly)');
      }
    }
    const local = headers((await write(recorded(usual), manifest('local'))).markdown);
    expect(local.join()).not.toContain('WebAssembly');
  });

  it('give a point that is void its reason, and no figure', async () => {
    const records = recorded({
      figures: (spec, ef, request) => ({
        ...usual.figures(spec, ef, request),
        ...(ef === 40 ? { voidBecause: tableScanned } : {}),
      }),
    });
    const { markdown, points } = await write(records, manifest('local'));
    const row = markdown.split('\n').find((line) => line.includes('ef_search=40'));
    expect(row).toContain('**void**');
    expect(row).toContain(escapeText('Seq Scan on items instead of index ix'));
    expect(row).not.toContain('0.9750');
    expect(points[2]).toMatchObject({ status: 'void', recall: '', buffers: '' });
  });

  it('mark a point during which the machine changed, in the text and in the numbers', async () => {
    const moved = findings.canaryMoved.of({ roundTrip: null, cpu: { beforeMs: 1, afterMs: 2 } });
    const records = recorded(usual).map((record) =>
      record.type === 'point' && record.request.settings['ef_search'] === 40
        ? { ...record, findings: [moved, findings.checkpoint.of({ checkpoints: 1 })] }
        : record,
    );
    const { markdown, points } = await write(records, manifest('local'));
    expect(points.map(({ remarks }) => remarks)).toEqual(['', '', 'canary-moved checkpoint', '']);
    expect(markdown.split('\n').filter((line) => line.includes('*machine changed*'))).toHaveLength(1);
  });

  it('keep a point in the chart whose recall lies far below the others', async () => {
    const figures: SyntheticServer['figures'] = (spec, ef, request) => ({
      ...usual.figures(spec, ef, request),
      recall: ef === 10 ? 0.123 : 0.97 + ef / 10_000,
    });
    const many = Array.from({ length: 12 }, (_, i) => 10 * (i + 1));
    expect((await write(recorded({ figures }, many), manifest('local'))).chart).toContain('>0.123<');
    expect((await write(recorded(usual), manifest('local'))).chart).not.toContain('>0.900<');
  });

  it('let nothing from the data become markup, a formula or another cell', async () => {
    const hostile = '=cmd|"<script>alert(1)</script>`![x](http://x) @all\n| a | b |';
    const voidBecause: Reason = { code: 'setting-not-applied', data: { name: hostile, wanted: '80', got: '40' } };
    const records = recorded({
      figures: (spec, ef, request) => ({
        ...usual.figures(spec, ef, request),
        ...(ef === 80 ? { voidBecause } : {}),
      }),
    });
    const { markdown, points, chart } = await write(records, manifest('local', hostile));
    expect(markdown).not.toMatch(/(?<!\\)<script/);
    expect(markdown).not.toMatch(/(?<!\\)!\[x/);
    expect(markdown).not.toContain('\n| a | b |');
    expect(points[3]?.['reason']).toBe(`'${hostile} was set to 80 but reads back as 40.`);
    expect(points).toHaveLength(4);
    expect(chart).not.toContain('<script>');
    const tables = markdown.split('\n\n').filter((part) => part.startsWith('|'));
    for (const table of tables) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size, table).toBe(1);
    }
  });
});
