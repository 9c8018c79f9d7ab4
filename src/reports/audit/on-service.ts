import { type AuditFinding, commandOf, type ServerFacts } from '../../audit/index.js';
import type { AuditFrame } from '../text/audit-frame.js';

/** How a managed service does what a finding needs of the whole server; empty for servers of one's own. */
export const onService = (
  { serverSettings = [] }: Pick<AuditFinding, 'serverSettings'>,
  { managedBy }: Pick<ServerFacts, 'managedBy'>,
  frame: AuditFrame,
): readonly string[] =>
  managedBy === null
    ? []
    : serverSettings.map((setting) => frame.onService(managedBy, setting.name, commandOf(managedBy, setting)));
