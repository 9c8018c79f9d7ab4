import { expect, it } from 'vitest';
import { auditDatabase } from '../../../src/audit/index.js';
import { isUnread } from '../../../src/findings.js';
import { takeDatabaseSnapshot } from '../../../src/live/index.js';
import { AUDIT_DOCUMENTS, auditDocument, type AuditDocumentId, auditTextsIn } from '../../../src/reports/index.js';
import { SCHEMA, VECTOR_INDEX } from '../../fixtures/assistant/schema.js';
import { open } from '../../support/servers.js';

// The newest PostgreSQL and pgvector that come with npm: another version than the installed one, whose catalogs have other columns.
it('audits the sample application on the embedded server', async () => {
  const server = await open('embedded');
  try {
    const session = await server.connect('test');
    for (const statement of SCHEMA.filter((text) => !text.startsWith('CREATE EXTENSION')))
      await session.query(statement);
    await session.query(VECTOR_INDEX);
    await session.query(
      `WITH owner AS (INSERT INTO users (email, name) VALUES ('a', 'a') RETURNING id),
            assistant AS (INSERT INTO assistants (owner_id, name) SELECT id, 'a' FROM owner RETURNING id),
            document AS (INSERT INTO documents (assistant_id, title) SELECT id, 'd' FROM assistant RETURNING id)
       INSERT INTO document_embeddings (document_id, embedding)
       SELECT document.id, array_fill((i / 20)::real, ARRAY[16])::vector FROM document, generate_series(0, 199) AS i`,
    );
    await session.query('ANALYZE');
    await session.close();
    const facts = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    expect(facts.server.number).toBeGreaterThanOrEqual(18_00_00);
    expect(isUnread(facts.vectorSamples)).toBe(false);
    const audit = auditDatabase(facts);
    expect(audit.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['zero-vectors', 'duplicate-vectors']),
    );
    expect(audit.findings.filter(({ area, severity }) => area === 'schema' && severity !== 'info')).toEqual([]);
    const report = { server: facts.server, facts, audit, texts: auditTextsIn('en') };
    for (const id of Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[])
      expect(auditDocument(id, report)).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
  } finally {
    await server.stop();
  }
});
