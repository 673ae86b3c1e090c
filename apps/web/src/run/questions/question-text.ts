/** What a question says of itself, and what is wrong with an answer before it is sent. Pure. */
import { validate } from '@switchyard/engine';
import { isJsonObject, type Ask, type Json, type OpenWait } from '@switchyard/shared';
import { durationText } from '../../ui/figures.ts';

/** Such as "for the finance team · 4 min 10 s left". */
export function questionLine({ ask, until, since }: OpenWait, now: number): string {
  const left = until === undefined ? undefined : until - now;
  return [
    ask.who === undefined ? '' : `for ${ask.who}`,
    `asked ${spanText(now - since)} ago`,
    left === undefined ? '' : left > 0 ? `${spanText(left)} left` : 'its time is up',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** In whole seconds below a minute. */
function spanText(ms: number): string {
  return ms < 59_500 ? `${Math.max(0, Math.round(ms / 1000))} s` : durationText(ms);
}

/** Why edited arguments cannot be sent; undefined where they fit. */
export function argumentsMistake({ schema }: Ask, edited: unknown): string | undefined {
  if (edited === undefined) return undefined;
  if (!isJsonObject(edited as Json)) return 'Arguments are an object, by name.';
  const [mismatch] = schema ? validate(schema, edited as Json) : [];
  return mismatch && `This does not fit${mismatch.path ? ` at ${mismatch.path}` : ''}: ${mismatch.message}`;
}
