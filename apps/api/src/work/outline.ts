/** The outline of a run: its events without long bodies, so that a trace of any length fits into a browser. A body is asked for when its row is opened. */
import { abridgeEvent, type RunEvent } from '@switchyard/shared';

/** So many events of a run keep bodies of up to `longBody`: what people mostly look at is there at once. */
const wholeEvents = 2000;
const longBody = 16_384;
const shortBody = 256;

/** The event as an outline tells it. */
export function outlined(event: RunEvent): RunEvent {
  return abridgeEvent(event, event.seq < wholeEvents ? longBody : shortBody);
}
