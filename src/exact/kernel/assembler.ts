/*
 * Just enough of the WebAssembly binary format to write the kernel's few functions. Each instruction is a function that
 * takes the code of its operands, so that code nests as it does in WebAssembly's text format.
 *
 * Source: WebAssembly Core Specification 3.0, chapter 5.
 */

/** Encoded instructions; as an operand, instructions that leave one value on the stack. */
export type Code = readonly number[];

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** A parameter or local variable. */
export interface Local {
  readonly get: Code;
  readonly set: (value: Code) => Code;
}

/** A finished function; see {@link defineFunction}. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly body: Code;
}

const VALUE_TYPE: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const NO_RESULT = 0x40;

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes = [];
  for (; value < -0x40 || value > 0x3f; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}

type Instruction = (...operands: readonly Code[]) => Code;

const plain =
  (opcode: number): Instruction =>
  (...operands) => [...operands.flat(), opcode];

const simd =
  (opcode: number, ...immediates: readonly number[]): Instruction =>
  (...operands) => [...operands.flat(), 0xfd, ...unsigned(opcode), ...immediates];

/** `offset` bytes beyond the address; 2^2 = 4 bytes is the alignment that is promised. */
const memory = (opcode: number, offset: number): Instruction => simd(opcode, 2, ...unsigned(offset));

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  /** Unsigned: addresses reach up to 4 GB. */
  lessThan: plain(0x49),
  trailingZeros: plain(0x68),
  add: plain(0x6a),
  mul: plain(0x6c),
};

export const f64 = { add: plain(0xa0) };

export const v128 = {
  zero: simd(12, ...Array.from({ length: 16 }, () => 0))(),
  load: (address: Code, offset = 0): Code => memory(0, offset)(address),
  store: (address: Code, value: Code, offset = 0): Code => memory(11, offset)(address, value),
  /** Picks four of the eight 32-bit lanes of `a` (0–3) and `b` (4–7). */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code =>
    simd(13, ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]))(a, b),
  not: simd(77),
  /** One bit for each of the four 32-bit lanes. */
  bitmask: simd(164),
};

/** What can be done to the lanes of 128-bit registers, be they four floats or two doubles. */
export type Arithmetic = Readonly<Record<'add' | 'sub' | 'abs', Instruction>> & {
  /** `sum` + `a`·`b`. */
  readonly addProduct: (sum: Code, a: Code, b: Code) => Code;
};

const f32x4Add = simd(228);
const f32x4Mul = simd(230);

export const f32x4 = {
  splat: simd(19),
  greaterThan: simd(68),
  abs: simd(224),
  add: f32x4Add,
  sub: simd(229),
  mul: f32x4Mul,
  addProduct: (sum: Code, a: Code, b: Code): Code => f32x4Add(sum, f32x4Mul(a, b)),
};

/** Multiplies and adds in one instruction, and rounds once, where the processor can. Not every engine has it. */
export const relaxedF32x4 = {
  ...f32x4,
  addProduct: (sum: Code, a: Code, b: Code): Code => simd(0x105)(a, b, sum),
};

const f64x2Add = simd(240);
const f64x2Mul = simd(242);

export const f64x2 = {
  lane: (index: number): Instruction => simd(33, index),
  /** The first two of four floats. */
  promoteLow: simd(95),
  abs: simd(236),
  add: f64x2Add,
  sub: simd(241),
  addProduct: (sum: Code, a: Code, b: Code): Code => f64x2Add(sum, f64x2Mul(a, b)),
};

/** `do body while (condition)`. */
export const repeatWhile = (body: Code, condition: Code): Code =>
  [[0x03, NO_RESULT], body, condition, [0x0d, 0], [0x0b]].flat();

/** Leaves the function with `value` if `condition`. */
export const returnIf = (condition: Code, value: Code): Code =>
  [condition, [0x04, NO_RESULT], value, [0x0f], [0x0b]].flat();

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const text = (value: string): Code => vector(Array.from(Buffer.from(value), (byte) => [byte]));
const types = (values: readonly ValueType[]): Code => vector(values.map((type) => [VALUE_TYPE[type]]));

/**
 * @param signature the parameters by name, and what the function leaves on the stack
 * @param write receives the parameters, and a function that makes local variables, which start as zero
 */
export function defineFunction<Parameter extends string>(
  name: string,
  signature: { readonly parameters: Readonly<Record<Parameter, ValueType>>; readonly results: readonly ValueType[] },
  write: (parameters: Readonly<Record<Parameter, Local>>, declare: (type: ValueType) => Local) => Code,
): WasmFunction {
  const names = Object.keys(signature.parameters) as Parameter[];
  const parameters = names.map((parameter) => signature.parameters[parameter]);
  const variables: ValueType[] = [];
  const local = (index: number): Local => ({
    get: [0x20, ...unsigned(index)],
    set: (value) => [...value, 0x21, ...unsigned(index)],
  });
  const named = Object.fromEntries(names.map((parameter, i) => [parameter, local(i)])) as Record<Parameter, Local>;
  const code = write(named, (type) => local(names.length + variables.push(type) - 1));
  const body = [...vector(variables.map((type) => [1, VALUE_TYPE[type]])), ...code, 0x0b];
  return { name, parameters, results: signature.results, body };
}

/** A module that exports the functions, and imports a shared memory of so many pages as `host.memory`. */
export function assembleModule(functions: readonly WasmFunction[], pages: number): Uint8Array {
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const sharedMemory = [2, 3, ...unsigned(pages), ...unsigned(pages)];
  const sections = [
    section(1, vector(functions.map((f) => [0x60, ...types(f.parameters), ...types(f.results)]))),
    section(2, vector([[...text('host'), ...text('memory'), ...sharedMemory]])),
    section(3, vector(functions.map((_, i) => unsigned(i)))),
    section(7, vector(functions.map((f, i) => [...text(f.name), 0, ...unsigned(i)]))),
    section(10, vector(functions.map((f) => [...unsigned(f.body.length), ...f.body]))),
  ];
  return Uint8Array.from([magicAndVersion, ...sections].flat());
}
