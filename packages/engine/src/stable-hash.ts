/** The hash by which plans and what a person is asked about are known. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { stableText, type Json } from '@switchyard/shared';

/** SHA-256 of the stable text of a value, hex. */
export function stableHash(value: Json): string {
  return bytesToHex(sha256(utf8ToBytes(stableText(value))));
}
