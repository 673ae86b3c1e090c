/** A tiny classifier as an ONNX folder, made here: the average of its words' figures, one figure for each label. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words with what they speak for: calm, upset. */
const words: readonly [word: string, calm: number, upset: number][] = [
  ['[UNK]', 0, 0],
  ['thanks', 3, -1],
  ['arrived', 2, 0],
  ['late', -1, 3],
  ['angry', -1, 4],
];

/** Writes the folder: model, tokenizer, labels. */
export function writeTinyOnnx(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), model());
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: { 0: 'Calm', 1: 'Upset' } }));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ tokenizer_class: 'BertTokenizer', do_lower_case: true }));
  writeFileSync(
    join(folder, 'tokenizer.json'),
    JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: null,
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(words.map(([word], index) => [word, index])),
      },
    }),
  );
}

/** The protocol buffer of the model: Gather the words' rows, then their mean. Field numbers are those of onnx.proto. */
function model(): Buffer {
  const rows = Float32Array.from(words.flatMap(([, calm, upset]) => [calm, upset]));
  const table = message([number(1, words.length), number(1, 2), number(2, 1), string(8, 'table'), bytes(9, Buffer.from(rows.buffer))]);
  const gather = message([string(1, 'table'), string(1, 'input_ids'), string(2, 'found'), string(3, 'gather'), string(4, 'Gather')]);
  const axes = message([string(1, 'axes'), number(8, 1), number(20, 7)]);
  const keep = message([string(1, 'keepdims'), number(3, 0), number(20, 2)]);
  const mean = message([string(1, 'found'), string(2, 'logits'), string(3, 'mean'), string(4, 'ReduceMean'), bytes(5, axes), bytes(5, keep)]);
  const ids = valueInfo('input_ids', 7, ['batch', 'sequence']);
  const logits = valueInfo('logits', 1, ['batch', 2]);
  const graph = message([bytes(1, gather), bytes(1, mean), string(2, 'tiny'), bytes(5, table), bytes(11, ids), bytes(12, logits)]);
  const opset = message([string(1, ''), number(2, 13)]);
  return message([number(1, 8), bytes(7, graph), bytes(8, opset)]);
}

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dims = shape.map((size) => bytes(1, message([typeof size === 'number' ? number(1, size) : string(2, size)])));
  const tensor = message([number(1, type), bytes(2, message(dims))]);
  return message([string(1, name), bytes(2, message([bytes(1, tensor)]))]);
}

function message(fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function string(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest]);
    out.push((rest % 128) + 128);
  }
}
