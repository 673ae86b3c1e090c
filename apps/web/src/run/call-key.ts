/** What the key of a call tells: keys are names, such as `planner#t2.orders.query.0` for a call in the second turn of `planner`. */

const turnMark = /#t(\d+)/g;
const ownCall = /#t\d+\.model$/;

/** Keys of the turns that a call stands in, from the outermost; empty outside turns. */
export function turnsOf(key: string): { key: string; number: number }[] {
  return [...key.matchAll(turnMark)].map((match) => ({ key: key.slice(0, match.index + match[0].length), number: Number(match[1]) }));
}

/** Whether the call is a turn's own: the model that decides what to call next. */
export function isTurnCall(key: string): boolean {
  return ownCall.test(key);
}

/** Id of the trace's row of a call: a turn's own call is the row of its turn, all passes of a program are one row. */
export function rowOfCall(key: string): string {
  return programOf(key) ?? key.replace(/(#t\d+)\.model$/, '$1');
}

/** What the passes of one program have in common: `planner#t1.code` of `planner#t1.code.pass.2`; undefined for other calls. */
export function programOf(key: string): string | undefined {
  return /^(.+#t\d+\.[^.#]+)\.pass\.\d+$/.exec(key)?.[1];
}
