/** The server `order-desk/carrier`: a real HTTP API on a free loopback port that says where a parcel is. */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExampleServer, Json } from '@switchyard/shared';
import { listen } from '../listen.ts';
import { makeShop, type Shipment } from './shop-data.ts';
import { latencyOf, trackingOf } from './tracking.ts';

const parcelPath = /^\/parcels\/([^/?#]{1,100})$/;

function answer(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function track(response: ServerResponse, shipments: ReadonlyMap<string, Shipment>, parcel: string): Promise<void> {
  await pause(latencyOf(parcel));
  const shipment = shipments.get(parcel);
  if (shipment) answer(response, 200, { ...trackingOf(shipment), events: trackingOf(shipment).events.map((event) => ({ ...event })) });
  else answer(response, 404, { error: { code: 'parcel-unknown', message: `No parcel has the number "${parcel}". Parcel numbers look like P-20481.` } });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The carrier's tracking API: `GET /parcels/{parcel}`. */
export const carrierServer: ExampleServer = {
  type: 'http',
  async start() {
    const shipments = new Map(makeShop().shipments.map((shipment) => [shipment.parcel, shipment]));
    const server = await listen((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const parcel = decoded(parcelPath.exec(path)?.[1] ?? '');
      if (!parcel) answer(response, 404, { error: { code: 'path-unknown', message: 'This API has one path: GET /parcels/{parcel}.' } });
      else if (request.method !== 'GET') answer(response, 405, { error: { code: 'method-refused', message: 'A parcel can only be read: use GET.' } });
      else void track(response, shipments, parcel);
    });
    return { ...server, connection: { type: 'http', baseUrl: server.baseUrl } };
  },
};
