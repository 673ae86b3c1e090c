/** Values as people read them. */
import { isJsonObject, type Json } from '@switchyard/shared';
import { moneyWords, priceWords, quantityWords } from '../vocabulary.ts';
import { humanName, wordsOf } from '../../text/words.ts';

const longestValue = 300;

/** A value in a sentence; `name` is what it is called. Money has two decimals, moments lose empty seconds. */
export function valueText(value: Json | undefined, name = ''): string {
  if (value === undefined || value === null || value === '') return 'not recorded';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return isMoney(name) ? figureText(value, true) : String(Number(value.toFixed(6)));
  if (typeof value === 'string') return clip(value.replace(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00(?::?00)?)?$/, '$1 $2'));
  return clip(JSON.stringify(value));
}

/** A figure: thousands apart, at most two decimals, and always two where it counts fractions. */
export function figureText(value: Json | undefined, isFraction = false): string {
  if (typeof value !== 'number') return valueText(value);
  return value.toLocaleString('en-GB', { minimumFractionDigits: isFraction || !Number.isInteger(value) ? 2 : 0, maximumFractionDigits: 2 });
}

/** `order_id` is "order", `ordered_at` "ordered at", `lastSeen` "last seen". */
export function fieldName(name: string): string {
  const words = wordsOf(name);
  return words.length > 1 && words.at(-1) === 'id' ? words.slice(0, -1).join(' ') : humanName(name);
}

/** The fields of an object as "status delayed, location Lyon hub"; lists are counted. */
export function fieldsText(object: { [key: string]: Json }, without: readonly string[] = []): string {
  return Object.entries(object)
    .filter(([key, value]) => !without.includes(key) && value !== null && value !== '')
    .map(([key, value]) =>
      Array.isArray(value)
        ? listText(key, value)
        : isJsonObject(value)
          ? `${fieldName(key)} (${fieldsText(value)})`
          : `${fieldName(key)} ${valueText(value, key)}`,
    )
    .slice(0, 20)
    .join(', ');
}

function listText(key: string, list: readonly Json[]): string {
  const plain = list.every((item) => typeof item !== 'object');
  if (plain && list.length > 0 && list.length <= 8) return `${fieldName(key)} ${list.map((item) => valueText(item)).join(' and ')}`;
  const last = list.at(-1);
  return `${list.length} ${fieldName(key)}${isJsonObject(last) ? ` (the last: ${clip(fieldsText(last))})` : ''}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function clip(text: string, most = longestValue): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function isMoney(name: string): boolean {
  return wordsOf(name).some((word) => (moneyWords.has(word) && !quantityWords.has(word)) || priceWords.has(word) || word === 'amount');
}
