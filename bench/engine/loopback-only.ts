/** To be imported first by a process that runs foreign code: nothing in it can connect to anything but this machine. */
import { Socket } from 'node:net';
import dns from 'node:dns';

const connect = Socket.prototype.connect;
Socket.prototype.connect = function connectToLoopback(this: Socket, ...given: unknown[]) {
  const [first] = (Array.isArray(given[0]) ? given[0] : given) as [{ host?: string; path?: string } | number];
  const host = typeof first === 'object' ? (first.path ? undefined : (first.host ?? 'localhost')) : (given[1] as string | undefined);
  if (host !== undefined && !/^(127\.|localhost$|::1$)/.test(host)) throw new Error(`The benchmark connects to this machine only, not to ${host}`);
  return (connect as (...values: unknown[]) => Socket).apply(this, given);
} as typeof connect;

const lookup = dns.lookup;
dns.lookup = ((hostname: string, ...rest: unknown[]) => {
  if (!/^(127\.|localhost$|::1$)/.test(hostname)) throw new Error(`The benchmark looks up this machine only, not ${hostname}`);
  return (lookup as (...values: unknown[]) => void)(hostname, ...rest);
}) as typeof lookup;
