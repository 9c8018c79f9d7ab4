/**
 * Whether a statement asks the system's catalogs, as this audit and other tools do, or is one of pgvtune's own: a search that measures
 * recall and returns places of rows, or one on the tables of a run. It says nothing about the application.
 */
export const isOfTheSystem = (query: string): boolean =>
  /^SELECT tableoid, ctid\b|"pgvtune_|\bpg_(?:stat_|catalog|class|settings|attribute)|\bpg_extension\b/.test(query);
