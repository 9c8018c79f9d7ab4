import { describe, expect, it } from 'vitest';
import { historyOf, revision, upgradeSql } from '../support/histories.js';

describe('operations of Alembic', () => {
  it('become the SQL that Alembic writes', async () => {
    expect(
      await upgradeSql(`op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False, unique=True),
    sa.Column('role', sa.Enum('admin', 'user', name='role'), server_default='user', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()')),
    sa.Column('team_id', postgresql.UUID(as_uuid=True), sa.ForeignKey('teams.id', ondelete='CASCADE'), index=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
)`),
    ).toEqual([
      `CREATE TYPE "role" AS ENUM ('admin', 'user')`,
      `CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" VARCHAR(255) NOT NULL, "role" "role" DEFAULT 'user' NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE DEFAULT now(), "team_id" UUID, CONSTRAINT "pk_users" PRIMARY KEY ("id"), UNIQUE ("email"), FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE CASCADE)`,
      `CREATE INDEX "ix_users_team_id" ON "users" ("team_id")`,
    ]);
  });

  it('of vectors keep operator class, build parameters and CONCURRENTLY', async () => {
    expect(
      await upgradeSql(
        `op.add_column('docs', sa.Column('embedding', Vector(1536)))
with op.get_context().autocommit_block():
    op.create_index('docs_embedding', 'docs', ['embedding'], postgresql_using='hnsw', postgresql_concurrently=True,
        postgresql_with={'m': 16, 'ef_construction': 64}, postgresql_ops={'embedding': 'vector_cosine_ops'})`,
        'from pgvector.sqlalchemy import Vector',
      ),
    ).toEqual([
      `ALTER TABLE "docs" ADD COLUMN "embedding" VECTOR(1536)`,
      `CREATE INDEX CONCURRENTLY "docs_embedding" ON "docs" USING "hnsw" ("embedding" vector_cosine_ops) WITH (m = 16, ef_construction = 64)`,
    ]);
  });

  it('of a batch are about its table', async () => {
    expect(
      await upgradeSql(`with op.batch_alter_table('bots', schema=None) as batch_op:
    batch_op.alter_column('name', existing_type=sa.String(50), type_=sa.Text(), nullable=False, new_column_name='title')
    batch_op.create_unique_constraint('bots_title_key', ['title'])
    batch_op.create_foreign_key(None, 'users', ['owner_id'], ['id'])
    batch_op.drop_index('ix_old')`),
    ).toEqual([
      `ALTER TABLE "bots" ALTER COLUMN "name" SET NOT NULL`,
      `ALTER TABLE "bots" ALTER COLUMN "name" TYPE TEXT`,
      `ALTER TABLE "bots" RENAME "name" TO "title"`,
      `ALTER TABLE "bots" ADD CONSTRAINT "bots_title_key" UNIQUE ("title")`,
      `ALTER TABLE "bots" ADD FOREIGN KEY ("owner_id") REFERENCES "users" ("id")`,
      `DROP INDEX "ix_old"`,
    ]);
  });

  it('are followed through constants, loops, comprehensions, f-strings and functions of the file', async () => {
    expect(
      await upgradeSql(
        `for table in TABLES:
    add_flag(table)
op.execute(f'''UPDATE users SET flag = {DEFAULT!s}''' if False else "SELECT 1")
names = ", ".join(f'"{n}"' for n in ['a', 'b'])
op.execute(f'CREATE INDEX i ON users ({names})')`,
        `TABLES = ['users', 'bots']
DEFAULT = True
def add_flag(table, default='false'):
    op.add_column(table, sa.Column("flag", sa.Boolean, server_default=sa.text(default)))`,
      ),
    ).toEqual([
      `ALTER TABLE "users" ADD COLUMN "flag" BOOLEAN DEFAULT false`,
      `ALTER TABLE "bots" ADD COLUMN "flag" BOOLEAN DEFAULT false`,
      'SELECT 1',
      'CREATE INDEX i ON users ("a", "b")',
    ]);
  });

  it('take the branch of PostgreSQL where the dialect decides', async () => {
    expect(
      await upgradeSql(
        `if _is_pg(op.get_bind()):
    op.execute('CREATE EXTENSION vector')
else:
    op.execute('CREATE TABLE mysql_only (a int)')`,
        `def _is_pg(conn):
    return conn.dialect.name == "postgresql"`,
      ),
    ).toEqual(['CREATE EXTENSION vector']);
  });

  it('take expressions that are put together by operators, functions and columns', async () => {
    const check = async (condition: string) => {
      const [sql] = await upgradeSql(
        `op.create_check_constraint('c', 't', ${condition}, postgresql_not_valid=True)`,
        `from sqlalchemy import column, table, true, and_, or_, not_
shop = table('shop', column('a'))`,
      );
      return /CHECK \((.*)\) NOT VALID$/.exec(sql!)?.[1];
    };
    expect(await check('column("a").is_not(None)')).toBe('"a" IS NOT NULL');
    expect(await check('column("a") == true()')).toBe('"a" = true');
    expect(await check('shop.c.a == None')).toBe('"a" IS NULL');
    expect(await check("(sa.column('a') >= 0) & ~(sa.column('b') != 'x')")).toBe('("a" >= 0) AND (NOT ("b" <> \'x\'))');
    expect(await check("or_(column('a').in_(['x', 'y']), not_(sa.func.length(column('b')) < 3))")).toBe(
      `("a" IN ('x', 'y')) OR (NOT (length("b") < 3))`,
    );
  });

  it('give names that are too long for the server as SQLAlchemy cuts them', async () => {
    const long = 'ix_conversation_message_attachments_conversation_message_attachment_id';
    const [create, drop, check] = await upgradeSql(`op.create_index(op.f('${long}'), 't', ['a'])
op.drop_index(op.f('${long}'), table_name='t')
op.create_check_constraint('${long}', 't', 'a > 0')`);
    const cut = '"ix_conversation_message_attachments_conversation_messag_082e"';
    expect([create, drop, check]).toEqual([
      `CREATE INDEX ${cut} ON "t" ("a")`,
      `DROP INDEX ${cut}`,
      `ALTER TABLE "t" ADD CONSTRAINT ${cut} CHECK (a > 0)`,
    ]);
  });

  it('of sequences and schemas come from the elements of SQLAlchemy', async () => {
    expect(
      await upgradeSql(
        `orders = Sequence('orders_id_seq', start=100)
op.execute(CreateSchema('shop', if_not_exists=True))
op.execute(CreateSequence(orders))
op.add_column('orders', sa.Column('id', sa.Integer(), server_default=orders.next_value()))
op.execute(DropSequence(Sequence('old')))`,
        'from sqlalchemy.schema import CreateSchema, CreateSequence, DropSequence, Sequence',
      ),
    ).toEqual([
      'CREATE SCHEMA IF NOT EXISTS "shop"',
      'CREATE SEQUENCE "orders_id_seq" START WITH 100',
      `ALTER TABLE "orders" ADD COLUMN "id" INTEGER DEFAULT nextval('"orders_id_seq"')`,
      'DROP SEQUENCE "old"',
    ]);
  });

  it('of enumerations whose values lie in the application assume the length of the column alone', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, {
        up: `op.add_column('t', sa.Column('status', sa.Enum(Status, native_enum=False), server_default=json.dumps({'a': [1, None]})))
op.add_column('t', sa.Column('kind', sa.Enum(Status, native_enum=False, length=20)))
op.add_column('t', sa.Column('own', sa.Enum(Status, name='status')))`,
        head: 'import json\nfrom app.models import Status',
      }),
    });
    const { operations } = history.revisions[0]!.up;
    expect(operations.map(({ sql, problem }) => sql ?? problem?.code)).toEqual([
      `ALTER TABLE "t" ADD COLUMN "status" VARCHAR DEFAULT '{"a": [1, null]}'`,
      'ALTER TABLE "t" ADD COLUMN "kind" VARCHAR(20)',
      'unknown-operation',
    ]);
    expect(operations[0]!.assumedTypes).toEqual({ 'app.models.Status': 'VARCHAR' });
  });

  it('of alembic-postgresql-enum create the type anew', async () => {
    expect(
      await upgradeSql(
        `op.sync_enum_values(
    enum_schema='public', enum_name='state', new_values=['open', 'done'],
    affected_columns=[TableReference(table_schema='public', table_name='jobs', column_name='state',
        existing_server_default="'open'::state")],
    enum_values_to_rename=[('finished', 'done')])`,
        'from alembic_postgresql_enum import TableReference',
      ),
    ).toEqual([
      'ALTER TYPE "public"."state" RENAME TO "state_old"',
      `CREATE TYPE "public"."state" AS ENUM ('open', 'done')`,
      'ALTER TABLE "public"."jobs" ALTER COLUMN "state" DROP DEFAULT',
      `ALTER TABLE "public"."jobs" ALTER COLUMN "state" TYPE "public"."state" USING CASE "state"::text WHEN 'finished' THEN 'done'::"public"."state" ELSE "state"::text::"public"."state" END`,
      `ALTER TABLE "public"."jobs" ALTER COLUMN "state" SET DEFAULT 'open'::state`,
      'DROP TYPE "public"."state_old"',
    ]);
  });

  it('are none: what is told to a log, asked of a table or of the session', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, {
        up: `logger.info('start')
app_logger.warning('still')
for row in op.get_bind().execute(users.select()):
    pass
op.execute('SHOW lock_timeout')
op.get_bind().execute(sa.text('DELETE FROM users WHERE id IN :ids'), {'ids': [1]})
db.session.commit()`,
        head: `from loguru import logger
from app.log import logger as app_logger
from app.models import db
users = sa.table('users', sa.column('id'))`,
      }),
    });
    expect(history.revisions[0]!.up.operations.map(({ effects, problem }) => [problem, effects[0]?.kind])).toEqual([
      [null, undefined],
      [null, 'data'],
      [null, 'transaction'],
    ]);
  });

  it('under a condition that is not known carry its line', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, {
        up: `columns = sa.inspect(op.get_bind()).get_columns('users')
if 'flag' not in columns:
    op.add_column('users', sa.Column('flag', sa.Boolean()))
else:
    return
op.drop_column('users', 'old')`,
      }),
    });
    const lines = history.revisions[0]!.up.operations.map(({ condition, place }) => [
      condition?.kind,
      condition?.line,
      place.line,
    ]);
    expect(lines).toEqual([
      ['if', 18, 19],
      ['after-return', 18, 22],
    ]);
  });

  it('that change rows are data, whether written as SQL or put together by calls', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, {
        up: `conn = op.get_bind()
conn.execute(sa.text("UPDATE users SET name = :name WHERE id = :id"), {'name': 'x', 'id': 1})
op.execute(users.update().where(users.c.id == 3).values(name='y'))
op.bulk_insert(users, [{'id': 1, 'name': "O'Hara"}])
op.execute(f"DELETE FROM users WHERE id = '{uuid.uuid4()}'")`,
        head: "users = sa.table('users', sa.column('id'), sa.column('name'))",
      }),
    });
    const { operations } = history.revisions[0]!.up;
    expect(operations.map(({ effects }) => effects)).toEqual(
      ['update', 'update', 'insert', 'delete'].map((verb) => [{ kind: 'data', verb, table: 'users' }]),
    );
    expect(operations.map(({ sql }) => sql)).toEqual([
      null,
      null,
      `INSERT INTO "users" ("id", "name") VALUES (1, 'O''Hara')`,
      null,
    ]);
  });

  it('that are not known are listed, never dropped', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, {
        up: `op.execute(make_sql())
op.teleport('users')
op.add_column('users', sa.Column('shape', geo.Odd()))
apply_everything(op)
op.execute('CREATE TABLE t (a int) FANCY NEW SYNTAX')`,
        head: 'import geo\nfrom app.helpers import make_sql, apply_everything',
      }),
    });
    const { operations } = history.revisions[0]!.up;
    expect(operations.map(({ problem, place }) => [problem?.code, place.line])).toEqual([
      ['computed-sql', 18],
      ['unknown-operation', 19],
      [undefined, 20],
      ['unknown-operation', 21],
      ['not-parsed', 22],
    ]);
    // The operation is understood; what the application's own type is in PostgreSQL is assumed, and listed.
    expect(operations[2]!.assumedTypes).toEqual({ 'geo.Odd': 'TEXT' });
  });

  it('are any calls that are not known to be harmless, wherever they are made', async () => {
    const notUnderstood = async (up: string, head = ''): Promise<readonly string[]> => {
      const history = await historyOf({ 'a.py': revision('a', null, { up, head }) });
      return history.revisions[0]!.up.operations.flatMap(({ problem }) => (problem ? [problem.detail] : []));
    };
    const harmless = `print(len(sorted(set(['b', 'a']))), flush=True)
logging.getLogger(__name__).info('%s', os.environ.get('A'))
names = [column['name'].lower() for column in sa.inspect(op.get_bind()).get_columns('users')]
rows = op.get_bind().execute(sa.select(sa.func.coalesce(users.c.name, 'x').label('n')).where(users.c.id.in_([1]))).mappings().all()
now = datetime.datetime.now(datetime.timezone.utc).isoformat()
found = {}
for row in rows:
    found.setdefault(row.n, []).append(json.dumps(dict(row)))
if not found.get('a'):
    raise RuntimeError(str(found))
users.c.id.op('||')('a')
app.models.User.name.ilike('%a')
op.add_column('users', sa.Column('shape', app.types.Shape(3), server_default=db.func.now()))`;
    const head = `import os, sys, json, logging, datetime, subprocess, shutil, requests, app
from alembic import command
from app import db, load, sync
users = sa.table('users', sa.column('id'), sa.column('name'))`;
    expect(await notUnderstood(harmless, head)).toEqual([]);
    for (const [call, name] of [
      ["open('a.sql')", 'open'],
      ["text = open('a.sql').read()", 'open'],
      ["with open('a.sql', 'w') as file:\n    file.write('x')", 'open'],
      ["exec('x = 1')", 'exec'],
      ["subprocess.run(['a'])", 'subprocess.run'],
      ["subprocess.Popen(['a'])", 'subprocess.Popen'],
      ["answer = requests.get('http://a').json()", 'requests.get'],
      ["os.remove('a')", 'os.remove'],
      ["shutil.rmtree('a')", 'shutil.rmtree'],
      ['value = load()', 'load'],
      ['[sync(one) for one in load_names()]', 'load_names'],
      ['op.run_async(sync)', 'op.run_async'],
      ["command.upgrade(None, 'head')", 'alembic.command.upgrade'],
      ["op.get_bind().connection.backup('a')", '.backup'],
      ['getattr(op, name)()', 'getattr'],
      ['db.session.delete(row)', 'delete'],
      ['app.jobs.Cleaner().run()', '.run'],
      ['match load():\n    case 1:\n        sync()', 'sync'],
      ['try:\n    pass\nexcept ValueError:\n    sync()', 'sync'],
      ['x = names and sync()', 'sync'],
      ['for one in []:\n    pass\nelse:\n    sync()', 'sync'],
    ] as const) {
      expect(await notUnderstood(call, head), call).toContainEqual(expect.stringContaining(name));
    }
    // What takes its value is not understood for the same reason, and is the one that counts.
    expect(await notUnderstood("op.execute(open('a.sql').read())")).toEqual(['op.execute']);
  });

  it('are never executed', async () => {
    const history = await historyOf({
      'a.py': revision('a', null, { up: 'import os\nos.abort()\nwhile True:\n    pass' }),
    });
    expect(history.revisions[0]!.up.operations.map(({ problem }) => problem?.detail)).toEqual(['os.abort']);
  });
});
