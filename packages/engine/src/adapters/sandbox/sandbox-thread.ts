/** A thread of the sandbox: takes one job at a time and runs each in an interpreter of its own, in memory that cannot grow past its cap. */
import { parentPort, workerData } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core';
import { type ReadyGuest, readyGuest, runGuest } from './run-guest.ts';
import { guestLimits, type GuestJob, type GuestReply } from './sandbox-protocol.ts';
import { wasm, type WasmModule } from './web-assembly.ts';

const silent = () => {};

/** A new instance with memory of its own: nothing of an earlier job is in it. */
async function newGuest(): Promise<ReadyGuest> {
  const wasmMemory = new wasm.Memory({ initial: 256, maximum: guestLimits.pages });
  const { wasmModule } = workerData as { wasmModule: WasmModule };
  // The package's types speak of its CommonJS form; this is its ES form, whose default is the variant itself.
  const plain = variant as unknown as QuickJSSyncVariant;
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(plain, { wasmModule, wasmMemory, emscriptenModule: { print: silent, printErr: silent } as object }),
  );
  return readyGuest({ quickjs, memoryBytes: () => wasmMemory.buffer.byteLength });
}

async function answer(job: GuestJob): Promise<GuestReply> {
  try {
    return runGuest(await guest, job);
  } catch {
    // The interpreter itself broke down; what it says is of the host, and stays here.
    return { failure: { code: 'code-memory', message: 'the interpreter gave up; it nests too deeply or needs too much memory' }, isTainted: true };
  }
}

let guest = newGuest();
parentPort?.on('message', (job: GuestJob) => {
  void answer(job).then((reply) => {
    parentPort?.postMessage(reply);
    // The next job's guest is made while nobody waits for it.
    guest = newGuest();
  });
});
void guest.then(() => parentPort?.postMessage('ready'));
