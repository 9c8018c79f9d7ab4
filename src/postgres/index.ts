export { createIndex, type BuildProgress } from './builds.js';
export {
  listIndexes,
  readIndex,
  readPartitionIndexes,
  readServerFacts,
  tableBytes,
  type IndexFacts,
  type ServerFacts,
} from './catalog.js';
export { encodeBits, encodeVector, numbersInText, parseVectorPair, parseVectorText, vectorText } from './codec.js';
export type { ValueType } from './value-codec.js';
export { explainPrepared, explainQuery, walkPlan, type ExplainOptions, type PlanNode } from './explain.js';
export { findExtension, unlessForbidden } from './extensions.js';
export { freeConnections } from './free-connections.js';
export { ident, literal, qualified } from './identifiers.js';
export { lacksPassword, withoutPassword } from './kept-url.js';
export { type Beside, loadVectors, type LoadOptions, type LoadReport } from './load.js';
export { loadLibrariesOf } from './load-library.js';
export { readMetapage } from './metapage.js';
export { type PlannerFacts, readPlannerFacts } from './planner-facts.js';
export { checkPredicate } from './predicate.js';
export { readOnly, readOnlyStream } from './read-only.js';
export { refusalOf } from './refusal.js';
export type { Capabilities, Server, ServerKind } from './server.js';
export { type Machine, thisMachine } from './servers/cluster-settings.js';
export { findKept, removeKept } from './servers/kept.js';
export { checkServerChoice, openServer } from './servers/open.js';
export { looksLikeServer } from './servers/refused-choice.js';
export type { ServerContext } from './servers/serve.js';
export {
  type BlockingStatement,
  DEFAULT_DEADLINE_MS,
  type OutputColumn,
  type Parameter,
  type QueryOptions,
  type Session,
  type Statement,
  type ThreadSession,
} from './session.js';
export { shareBackends } from './share-backends.js';
export { applySettings, readSettings, type Settings } from './settings.js';
export { storageParameters } from './storage-parameters.js';
export { openTicket, type SessionTicket } from './ticket.js';
export { dropLeftover, listLeftovers, openWorkspace, type Leftover, type Workspace } from './workspace.js';
