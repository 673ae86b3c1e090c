/**
 * The process that holds one local model: native code that crashes, or takes all memory, ends this process and no other.
 *
 * 1. The model is loaded at the first request and answers one at a time; its parent sends no second one before the reply.
 * 2. It ends when its parent does: by the channel's end.
 * 3. `stop` ends the answer that is being written.
 */
import { LocalError, type LocalModel, type LocalReply, type LocalRequest, type LocalRuntime } from './local-protocol.ts';

const [runtime, place] = process.argv.slice(2) as [LocalRuntime, string];
let opening: Promise<LocalModel> | undefined;
let stopping: AbortController | undefined;

async function open(): Promise<LocalModel> {
  if (runtime === 'gguf') {
    const [{ openGguf }, library] = await Promise.all([import('./gguf-model.ts'), load('gguf')]);
    return await openGguf(place, library as Parameters<typeof openGguf>[1]);
  }
  const [{ openOnnx }, library] = await Promise.all([import('./onnx-model.ts'), load('onnx')]);
  return await openOnnx(place, library as Parameters<typeof openOnnx>[1]);
}

/** The runtimes are brought separately, so nothing here may name them to a bundler or a type checker. */
async function load(name: LocalRuntime): Promise<unknown> {
  try {
    return await import(new URL(`../../../../local-models/${name}.mjs`, import.meta.url).href);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new LocalError(
      'runtime-missing',
      'its runtime is not installed. Run "npm ci --ignore-scripts --prefix packages/engine/local-models" in the folder of Switchyard',
    );
  }
}

async function answer(request: Extract<LocalRequest, { task: 'ask' }>): Promise<LocalReply> {
  stopping = new AbortController();
  try {
    opening ??= open();
    const model = await opening;
    return { answer: await model.ask(request.ask, { signal: stopping.signal, onText: (delta) => void process.send?.({ delta } satisfies LocalReply) }) };
  } catch (error) {
    if (error instanceof LocalError) return { failure: error.failure };
    return { failure: { code: 'model-failed', message: `it failed: ${error instanceof Error ? error.message : String(error)}` } };
  }
}

// Ctrl+C reaches the whole process group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: LocalRequest) => {
  if (request.task === 'stop') stopping?.abort();
  else void answer(request).then((reply) => process.send?.(reply));
});
