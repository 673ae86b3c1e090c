/** What comes from outside as a model is shown it: between data tags that nothing in it can close. */
import type { Json } from '@switchyard/shared';

/** The value as JSON, labelled with whose word it is. */
export function dataText(source: string, value: Json): string {
  const text = JSON.stringify(value).replaceAll('</', '<\\/');
  return `<data source="${source.replaceAll(/[^\w.\- ]/g, '')}">\n${text}\n</data>`;
}
