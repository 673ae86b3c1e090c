/** Values of databases as JSON: numbers where a double holds them exactly, else text; bytes as `{ "base64": … }`. */
import type { Json } from '@switchyard/shared';

/** A double has this many decimal digits that it surely keeps. */
const exactDigits = 15;

export function wholeToJson(value: bigint | string): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

export function numberToJson(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}

/** A decimal as its text: `12.50` becomes 12.5, one of too many digits stays text. */
export function decimalToJson(text: string): Json {
  const digits = text.replace(/^-?0*\.?0*|\D/g, '');
  return digits.length <= exactDigits && /^-?\d*\.?\d*$/.test(text) && /\d/.test(text) ? Number(text) : text;
}

export function bytesToJson(bytes: Uint8Array): Json {
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}
