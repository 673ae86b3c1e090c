/** A proxy of a test between a client and a server of loopback, which does to the server's answers what a network may do. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `delay`: each piece of an answer comes so much later. The others let so many bytes of answers through from now on, all connections together, and
 * then: `cut` ends the connection as a server does that ends, `reset` breaks it, `stall` keeps it and lets nothing more through.
 */
export type Fault = { kind: 'none' } | { kind: 'delay'; ms: number } | { kind: 'cut' | 'reset' | 'stall'; afterBytes: number };

export interface FaultProxy {
  port: number;
  /** From now on; also for connections that are open. */
  set(fault: Fault): void;
  /** Connections that are open now. */
  open(): number;
  stop(): Promise<void>;
}

export async function startFaultProxy(target: number): Promise<FaultProxy> {
  let fault: Fault = { kind: 'none' };
  let passed = 0;
  const pairs = new Set<readonly [client: Socket, server: Socket]>();

  /** Passes on what of the piece may pass, and does what comes then. */
  const answer = async (client: Socket, server: Socket, piece: Buffer): Promise<void> => {
    const now = fault;
    if (now.kind === 'delay') await sleep(now.ms);
    if (now.kind === 'none' || now.kind === 'delay') return void client.write(piece);
    const room = Math.max(0, now.afterBytes - passed);
    passed += piece.length;
    if (piece.length <= room) return void client.write(piece);
    if (room > 0) await new Promise<void>((resolve) => client.write(piece.subarray(0, room), () => resolve()));
    if (now.kind === 'stall') return;
    if (now.kind === 'reset') client.resetAndDestroy();
    else client.end();
    server.destroy();
  };

  const proxy = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    // One piece after the other, however long each takes.
    let before = Promise.resolve();
    server.on('data', (piece) => {
      before = before.then(() => answer(client, server, piece));
    });
    client.on('data', (piece) => server.write(piece));
    server.on('end', () => {
      void before.then(() => client.end());
    });
    client.on('end', () => server.end());
    for (const socket of pair) socket.on('error', () => undefined);
    client.on('close', () => {
      server.destroy();
      pairs.delete(pair);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    set(next) {
      fault = next;
      passed = 0;
    },
    open: () => pairs.size,
    async stop() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
