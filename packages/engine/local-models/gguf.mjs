/** Where the runtime of GGUF models is found: beside this file, or among the packages of Switchyard. */
export { getLlama, LlamaChatSession, LlamaLogLevel } from 'node-llama-cpp';
