import type { DropStmt, Node } from 'libpg-query';
import type { Effect, ObjectClass } from '../effects.js';
import { nameOf, strings, tableName, withSchema } from './names.js';

/** The objects that are followed by name alone: functions, triggers, views, policies … Null for another statement. */
export function createdObject(node: Node): readonly Effect[] | null {
  const create = (of: ObjectClass, name: string, replaces = false, table: string | null = null): readonly Effect[] => [
    { kind: 'create-object', class: of, name, replaces, table },
  ];
  if ('CreateFunctionStmt' in node) {
    return create('function', nameOf(node.CreateFunctionStmt.funcname), node.CreateFunctionStmt.replace === true);
  }
  if ('CreateTrigStmt' in node) {
    const { trigname, relation, replace } = node.CreateTrigStmt;
    return create('trigger', onTable(trigname, tableName(relation)), replace === true, tableName(relation));
  }
  if ('ViewStmt' in node) return create('view', tableName(node.ViewStmt.view), node.ViewStmt.replace === true);
  if ('CreateSeqStmt' in node) {
    return create('sequence', tableName(node.CreateSeqStmt.sequence), node.CreateSeqStmt.if_not_exists === true);
  }
  if ('CreatePolicyStmt' in node) {
    const { policy_name: name, table } = node.CreatePolicyStmt;
    return create('policy', onTable(name, tableName(table)), false, tableName(table));
  }
  if ('CreateSchemaStmt' in node) {
    return create('schema', node.CreateSchemaStmt.schemaname ?? '', node.CreateSchemaStmt.if_not_exists === true);
  }
  if ('CompositeTypeStmt' in node) return create('type', tableName(node.CompositeTypeStmt.typevar));
  if ('CreateRangeStmt' in node) return create('type', nameOf(node.CreateRangeStmt.typeName));
  if ('CreateDomainStmt' in node) return create('domain', nameOf(node.CreateDomainStmt.domainname));
  if ('RuleStmt' in node) {
    const { rulename, relation, replace } = node.RuleStmt;
    return create('rule', onTable(rulename, tableName(relation)), replace === true, tableName(relation));
  }
  if ('CreateStatsStmt' in node) return create('statistics', nameOf(node.CreateStatsStmt.defnames));
  if ('CreatePublicationStmt' in node) return create('publication', node.CreatePublicationStmt.pubname ?? '');
  if ('CreateRoleStmt' in node) return create('role', node.CreateRoleStmt.role ?? '');
  if ('DefineStmt' in node) return create('other', nameOf(node.DefineStmt.defnames), node.DefineStmt.replace === true);
  if ('CreateCastStmt' in node || 'CreateEventTrigStmt' in node || 'CreateOpClassStmt' in node)
    return create('other', '');
  return null;
}

const ALTERED: Readonly<Record<string, ObjectClass>> = {
  AlterFunctionStmt: 'function',
  AlterSeqStmt: 'sequence',
  AlterPolicyStmt: 'policy',
  AlterDomainStmt: 'domain',
  AlterRoleStmt: 'role',
  AlterRoleSetStmt: 'role',
  AlterDatabaseSetStmt: 'other',
  AlterDatabaseStmt: 'other',
  AlterExtensionStmt: 'other',
  AlterPublicationStmt: 'publication',
  AlterStatsStmt: 'statistics',
  AlterObjectDependsStmt: 'other',
  AlterSystemStmt: 'other',
  SecLabelStmt: 'other',
  CreateAmStmt: 'other',
};

/** ALTER of the same objects; null for another statement. */
export function alteredObject(node: Node): readonly Effect[] | null {
  const [tag = ''] = Object.keys(node);
  const of = ALTERED[tag];
  if (tag === 'DropRoleStmt') return [{ kind: 'drop-object', class: 'role', name: '', ifExists: true }];
  return of ? [{ kind: 'alter-object', class: of, name: '' }] : null;
}

const DROPPED: Partial<Record<NonNullable<DropStmt['removeType']>, ObjectClass>> = {
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized-view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_POLICY: 'policy',
  OBJECT_SCHEMA: 'schema',
  OBJECT_DOMAIN: 'domain',
  OBJECT_RULE: 'rule',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_PUBLICATION: 'publication',
};

export function droppedObjects(statement: DropStmt): readonly Effect[] {
  const ifExists = statement.missing_ok === true;
  const cascade = statement.behavior === 'DROP_CASCADE';
  return (statement.objects ?? []).map((node): Effect => {
    const parts = partsOf(node);
    const name = withSchema(parts.length > 1 ? parts.at(-2) : null, parts.at(-1) ?? '');
    const removed: string = statement.removeType ?? '';
    switch (removed) {
      case 'OBJECT_TABLE':
      case 'OBJECT_FOREIGN_TABLE':
        return { kind: 'drop-table', table: name, ifExists, cascade };
      case 'OBJECT_INDEX':
        return { kind: 'drop-index', name, concurrently: statement.concurrent === true, ifExists };
      case 'OBJECT_TYPE':
        return { kind: 'drop-type', type: name, ifExists };
      case 'OBJECT_EXTENSION':
        return { kind: 'drop-extension', name };
      case 'OBJECT_TRIGGER':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE': {
        const table = withSchema(parts.length > 2 ? parts.at(-3) : null, parts.at(-2) ?? '');
        return { kind: 'drop-object', class: classOf(statement), name: onTable(parts.at(-1), table), ifExists };
      }
      default:
        return { kind: 'drop-object', class: classOf(statement), name, ifExists };
    }
  });
}

const classOf = (statement: DropStmt): ObjectClass => DROPPED[statement.removeType ?? 'OBJECT_AGGREGATE'] ?? 'other';

function partsOf(node: Node): string[] {
  if ('List' in node) return strings(node.List.items);
  if ('String' in node) return [node.String.sval ?? ''];
  if ('TypeName' in node) return strings(node.TypeName.names);
  if ('ObjectWithArgs' in node) return strings(node.ObjectWithArgs.objname);
  return [];
}

/** Names that are unique only on their table. */
const onTable = (name: string | undefined, table: string): string => `${name ?? ''} on ${table}`;
