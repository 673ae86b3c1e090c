/** A tiny language model as a GGUF file, made here: a llama of one layer whose tokens are bytes. Its weights are drawn, so it says nothing sensible; what holds it to a schema must make do. */
import { drawnFrom } from './thorough.ts';

type Value = { u32: number } | { f32: number } | { text: string } | { texts: string[] } | { f32s: number[] } | { i32s: number[] };

const width = 32;
const inner = 64;
const heads = 2;
const tokens = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)];
/** Unknown, control, control, then bytes. */
const tokenTypes = [2, 3, 3, ...Array.from({ length: 256 }, () => 6)];

const settings: [string, Value][] = [
  ['general.architecture', { text: 'llama' }],
  ['general.name', { text: 'tiny' }],
  ['llama.context_length', { u32: 2048 }],
  ['llama.embedding_length', { u32: width }],
  ['llama.block_count', { u32: 1 }],
  ['llama.feed_forward_length', { u32: inner }],
  ['llama.rope.dimension_count', { u32: width / heads }],
  ['llama.attention.head_count', { u32: heads }],
  ['llama.attention.head_count_kv', { u32: heads }],
  ['llama.attention.layer_norm_rms_epsilon', { f32: 1e-5 }],
  ['llama.vocab_size', { u32: tokens.length }],
  ['tokenizer.ggml.model', { text: 'llama' }],
  ['tokenizer.ggml.tokens', { texts: tokens }],
  ['tokenizer.ggml.scores', { f32s: tokens.map(() => 0) }],
  ['tokenizer.ggml.token_type', { i32s: tokenTypes }],
  ['tokenizer.ggml.bos_token_id', { u32: 1 }],
  ['tokenizer.ggml.eos_token_id', { u32: 2 }],
  ['tokenizer.ggml.unknown_token_id', { u32: 0 }],
];

const tensors: [string, number[]][] = [
  ['token_embd.weight', [width, tokens.length]],
  ['output_norm.weight', [width]],
  ['output.weight', [width, tokens.length]],
  ['blk.0.attn_norm.weight', [width]],
  ...['q', 'k', 'v', 'output'].map((name): [string, number[]] => [`blk.0.attn_${name}.weight`, [width, width]]),
  ['blk.0.ffn_norm.weight', [width]],
  ['blk.0.ffn_gate.weight', [width, inner]],
  ['blk.0.ffn_up.weight', [width, inner]],
  ['blk.0.ffn_down.weight', [inner, width]],
];

/** The bytes of the file; about 130 kB. */
export function tinyGguf(): Buffer {
  const draw = drawnFrom(7);
  const data = tensors.map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return padded(Buffer.from(Float32Array.from({ length }, () => (name.includes('norm') ? 1 : (draw() - 0.5) / 5)).buffer));
  });
  let offset = 0;
  const heads = tensors.flatMap(([name, shape], index) => {
    const head = [text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset)];
    offset += (data[index] as Buffer).length;
    return head;
  });
  const head = [
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(settings.length),
    ...settings.flatMap(([name, value]) => [text(name), ...typed(value)]),
    ...heads,
  ];
  return Buffer.concat([padded(Buffer.concat(head)), ...data]);
}

function typed(value: Value): Buffer[] {
  if ('u32' in value) return [u32(4), u32(value.u32)];
  if ('f32' in value) return [u32(6), f32(value.f32)];
  if ('text' in value) return [u32(8), text(value.text)];
  if ('texts' in value) return [u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)];
  if ('f32s' in value) return [u32(9), u32(6), u64(value.f32s.length), ...value.f32s.map(f32)];
  return [u32(9), u32(5), u64(value.i32s.length), ...value.i32s.map(u32)];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}
