/** What the carrier knows of each parcel: derived from the shop's shipments, so that both always agree. */
import { createRandom, seedOf } from './random.ts';
import { shopNow, timeText, type Shipment } from './shop-data.ts';
import { delayReasons, hubs } from './words.ts';

export interface TrackingEvent {
  at: string;
  location: string;
  event: string;
}

export interface Tracking {
  parcel: string;
  status: string;
  location: string;
  lastSeen: string;
  /** Day of arrival, as known now. */
  expected: string;
  delays: number;
  events: TrackingEvent[];
}

const hour = 3_600_000;

/** The journey of a parcel up to the shop's present moment. */
export function trackingOf(shipment: Shipment): Tracking {
  const random = createRandom(seedOf(shipment.parcel));
  const firstHub = random.between(0, hubs.length - 1);
  const hubOf = (stage: number) => hubs[(firstHub + stage) % hubs.length] as string;
  const steps = [{ time: shipment.shippedAt, location: 'Shop warehouse', event: 'Handed to the carrier' }];
  const add = (time: number, location: string, event: string) => {
    steps.push({ time, location, event });
  };
  add(shipment.shippedAt + 14 * hour, hubOf(0), 'Arrived at the hub');
  for (const [index, time] of shipment.delayTimes.entries()) add(time, hubOf(index), `Delayed: ${random.pick(delayReasons)}`);
  if (shipment.status === 'delivered') add(shipment.expected, shipment.city, 'Delivered');
  if (shipment.status === 'returned') {
    add(shipment.expected - 12 * hour, shipment.city, 'Nobody took the parcel in');
    add(shipment.expected, 'Shop warehouse', 'Returned to the sender');
  }
  const happened = steps.filter((step) => step.time <= shopNow);
  const latest = happened.at(-1) as (typeof steps)[number];
  return {
    parcel: shipment.parcel,
    status: shipment.status,
    location: latest.location,
    lastSeen: timeText(latest.time),
    expected: timeText(shipment.expected).slice(0, 10),
    delays: shipment.delayTimes.length,
    events: happened.map(({ time, location, event }) => ({ at: timeText(time), location, event })),
  };
}

/** How long the carrier takes to answer for this parcel, in ms: 30 to 80. */
export function latencyOf(parcel: string): number {
  return 30 + (seedOf(parcel) % 51);
}
