/** Which names this server answers to. A page that reached it under another name, by DNS rebinding for example, is refused. */

export interface HostRules {
  /** The port that is served; undefined until it is. */
  port(): number | undefined;
  /** The address bound, as a URL writes it: answered to at the served port, like loopback. */
  address?: string | undefined;
  /** Names configured by the owner: `name`, or `name:port` as a proxy passes it on. */
  names: readonly string[];
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether `host`, as the Host header gives it, is one of ours: exactly, port included. */
export function isAllowedHost(host: string, { port, address, names }: HostRules): boolean {
  const served = port();
  const given = host.toLowerCase();
  for (const name of loopbackNames) if (isNameAtPort(given, name, served)) return true;
  if (address !== undefined && isNameAtPort(given, address.toLowerCase(), served)) return true;
  return names.some((name) => given === name.toLowerCase() || isNameAtPort(given, name.toLowerCase(), served));
}

function isNameAtPort(host: string, name: string, port: number | undefined): boolean {
  // A browser leaves the port out where it is HTTP's own.
  return host === `${name}:${port}` || (port === 80 && host === name);
}

/** Whether a page of `origin` is one that this server sent under the name `host`. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const own = host.toLowerCase();
  return origin === `http://${own}` || origin === `https://${own}`;
}
