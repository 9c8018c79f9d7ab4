/** Whether a statement asks the system's catalogs, as this audit and other tools do: it says nothing about the application. */
export const isOfTheSystem = (query: string): boolean =>
  /\bpg_(?:stat_|catalog|class|settings|attribute)|\bpg_extension\b/.test(query);
