/** One record of a file, as JSON would have it. */
export type FileRecord = Readonly<Record<string, unknown>>;

/** Where in a record something is: a member, a place within one, or several members that belong together. */
export interface Field {
  /** As people write it: `embedding`, `response.body.data[0].embedding`, `dim_*`. */
  readonly name: string;
  readonly kind: 'member' | 'path' | 'columns';
  /** The steps of a path; the names of the members. */
  readonly steps: readonly string[];
}

export const member = (name: string): Field => ({ name, kind: 'member', steps: [name] });

/** Members that hold one dimension each, in their order. */
export const columnsField = (name: string, columns: readonly string[]): Field => ({
  name,
  kind: 'columns',
  steps: columns,
});

/** `data[0].embedding` → data, 0, embedding */
export function pathField(path: string): Field {
  const steps = path.split(/[.[\]]/).filter((step) => step !== '');
  return steps.length === 1 ? member(steps[0]!) : { name: path, kind: 'path', steps };
}

/** `data`, `0`, `embedding` → `data[0].embedding` */
export const pathName = (steps: readonly string[]): string =>
  steps.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '');

/** What a record holds there; undefined where it holds nothing. Of columns, the list of their values. */
export function valueAt(record: FileRecord, { kind, steps }: Field): unknown {
  if (kind === 'columns') return steps.map((name) => own(record, name));
  return steps.reduce<unknown>(own, record);
}

function own(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as FileRecord)[step];
}

/** The record without these fields; it is not changed itself. */
export function withoutFields(record: FileRecord, fields: readonly Field[]): FileRecord {
  const members = new Set(fields.flatMap(({ kind, steps }) => (kind === 'path' ? [] : steps)));
  const rest = Object.fromEntries(Object.entries(record).filter(([name]) => !members.has(name)));
  return fields.reduce<FileRecord>(
    (left, { kind, steps }) => (kind === 'path' ? (withoutPath(left, steps) as FileRecord) : left),
    rest,
  );
}

function withoutPath(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || own(value, step) === undefined) return value;
  const parts = Object.entries(value as FileRecord).flatMap(([name, part]): [string, unknown][] => {
    if (name !== step) return [[name, part]];
    return rest.length === 0 ? [] : [[name, withoutPath(part, rest)]];
  });
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
