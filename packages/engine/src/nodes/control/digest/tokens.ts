/** About how many tokens a text takes, without the model's own tokenizer: a token of JSON in English is about four bytes, and other writing has more bytes to a letter. */
export function tokensOf(text: string): number {
  return Math.ceil(bytesOf(text) / bytesPerToken);
}

export const bytesPerToken = 4;

/** Bytes of the text in UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();
