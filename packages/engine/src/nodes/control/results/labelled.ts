/** What comes from outside as a model is shown it: between data tags that nothing in it can close. */

/** JSON text, labelled with whose word it is. */
export function labelled(source: string, json: string): string {
  return `<data source="${source.replaceAll(/[^\w.\- ]/g, '')}">\n${json.replaceAll('</', '<\\/')}\n</data>`;
}
