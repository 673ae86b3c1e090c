/** Where models usually are: what to begin with when one is added. */
import type { Model } from '@switchyard/shared';

export interface ModelPreset {
  id: string;
  title: string;
  /** What has to run, or be had, before it works. */
  note: string;
  provider: Model['provider'];
  baseUrl?: string;
  needsKey: boolean;
  /** Shown in the empty model field. */
  sample: string;
}

export const modelPresets: readonly ModelPreset[] = [
  {
    id: 'vllm',
    title: 'vLLM',
    note: 'vllm serve MODEL, on this or another machine',
    provider: 'openai-compatible',
    baseUrl: 'http://127.0.0.1:8000/v1',
    needsKey: false,
    sample: 'Qwen/Qwen3-32B',
  },
  {
    id: 'ollama',
    title: 'Ollama',
    note: 'ollama pull MODEL, then ollama serve',
    provider: 'ollama',
    baseUrl: 'http://127.0.0.1:11434',
    needsKey: false,
    sample: 'qwen3:0.6b',
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    note: 'Its local server, under Developer',
    provider: 'openai-compatible',
    baseUrl: 'http://127.0.0.1:1234/v1',
    needsKey: false,
    sample: 'qwen3-4b',
  },
  {
    id: 'llama-cpp',
    title: 'llama.cpp',
    note: 'llama-server --jinja -m FILE.gguf',
    provider: 'openai-compatible',
    baseUrl: 'http://127.0.0.1:8080/v1',
    needsKey: false,
    sample: 'qwen3-4b',
  },
  { id: 'openai', title: 'OpenAI', note: 'Hosted; needs a key', provider: 'openai', needsKey: true, sample: 'gpt-5-mini' },
  { id: 'anthropic', title: 'Anthropic', note: 'Hosted; needs a key', provider: 'anthropic', needsKey: true, sample: 'claude-sonnet-4-5' },
  { id: 'google', title: 'Google', note: 'Hosted; needs a key', provider: 'google', needsKey: true, sample: 'gemini-2.5-flash' },
  {
    id: 'gguf',
    title: 'GGUF file',
    note: 'A small model within Switchyard, run by llama.cpp',
    provider: 'gguf',
    needsKey: false,
    sample: '/models/qwen3-0.6b.gguf',
  },
  {
    id: 'onnx',
    title: 'ONNX folder',
    note: 'A classifier of texts within Switchyard',
    provider: 'onnx',
    needsKey: false,
    sample: '/models/mood',
  },
  {
    id: 'other',
    title: 'Other endpoint',
    note: 'Anything that speaks the OpenAI chat API',
    provider: 'openai-compatible',
    baseUrl: 'https://',
    needsKey: true,
    sample: 'model-name',
  },
];
