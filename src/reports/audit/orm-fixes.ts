import type { AuditFinding, ForeignKeyLink } from '../../audit/index.js';
import { sqlName } from '../text/sql-name.js';

/** A way to load the rows of many parents at once, as the library of an application writes it. */
export interface OrmFix {
  readonly library: string;
  readonly language: string;
  readonly code: string;
}

/** Fixes of a finding whose rows are found along a foreign key; none of any other. */
export function linkedFixes(finding: AuditFinding): readonly OrmFix[] {
  if (finding.code === 'query-for-each-row') return ormFixes(finding.data);
  return finding.code === 'query-in-loop' && finding.data.link ? ormFixes(finding.data.link) : [];
}

/**
 * How the usual libraries load the rows at once. The names of classes and relations are those of the tables: an application may
 * have given them others.
 */
function ormFixes(link: ForeignKeyLink): readonly OrmFix[] {
  const child = last(link.childTable);
  const parent = last(link.parentTable);
  const Parent = className(parent);
  const toOne = link.direction === 'to-one';
  const relation = toOne ? child.replace(/s$/, '') : child;
  return [
    {
      library: 'SQL',
      language: 'sql',
      code: `SELECT * FROM ${link.childTable.split('.').map(sqlName).join('.')} WHERE ${sqlName(link.childColumn)} = ANY($1); -- the keys of the page, as an array`,
    },
    {
      library: 'SQLAlchemy',
      language: 'python',
      code: [
        toOne
          ? `session.scalars(select(${Parent}).options(joinedload(${Parent}.${relation})))`
          : `session.scalars(select(${Parent}).options(selectinload(${Parent}.${relation})))`,
        `# where the query joins and filters ${child} already: .options(contains_eager(${Parent}.${relation}))`,
      ].join('\n'),
    },
    {
      library: 'Django',
      language: 'python',
      code: toOne
        ? `${Parent}.objects.select_related("${relation}")`
        : `${Parent}.objects.prefetch_related("${relation}")`,
    },
    {
      library: 'Prisma',
      language: 'ts',
      code: `await prisma.${camelCase(parent)}.findMany({ include: { ${camelCase(relation)}: true } });`,
    },
    {
      library: 'TypeORM',
      language: 'ts',
      code: `await repository.find({ relations: { ${camelCase(relation)}: true } });`,
    },
    {
      library: 'Drizzle',
      language: 'ts',
      code: `await db.query.${camelCase(parent)}.findMany({ with: { ${camelCase(relation)}: true } });`,
    },
    { library: 'Rails', language: 'ruby', code: `${Parent}.includes(:${relation})` },
  ];
}

const last = (qualified: string): string => (qualified.split('.').at(-1) ?? '').replaceAll(/[^\p{L}\p{N}_]/gu, '_');
const camelCase = (text: string): string => text.replaceAll(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
const className = (text: string): string => {
  const camel = camelCase(text.replace(/s$/, ''));
  return camel.charAt(0).toUpperCase() + camel.slice(1);
};
