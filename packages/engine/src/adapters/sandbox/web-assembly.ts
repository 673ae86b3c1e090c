/** The part of WebAssembly that the sandbox uses, typed: the browser's types, which have it, are not for code of the server. */

/** A compiled module; may be handed to a thread. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmGlobal {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  /** Sizes in pages of 64 kB. */
  Memory: new (size: {
    initial: number;
    maximum: number;
  }) => WasmMemory;
}

export const wasm: WasmGlobal = (globalThis as unknown as { WebAssembly: WasmGlobal }).WebAssembly;
