/** How a machine of the sandbox gets to what this machine uses: open ports, and doors to services on this machine's loopback. */

const STANDARD_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
};

export class Egress {
  /** TCP ports that machines may reach outside. */
  readonly ports = new Set([53, 80, 443]);
  /** Ports of the gateway that lead to this machine's loopback: port to loopback address. */
  readonly forwards = new Map<number, string>();
  /** Lines for the machines' /etc/hosts. */
  readonly hosts: string[] = [];
  readonly #gateway: string;
  readonly #loopbackNames = new Map<string, string>();

  /** `hostsFile` is the text of this machine's /etc/hosts. */
  constructor(gateway: string, hostsFile: string) {
    this.#gateway = gateway;
    for (const line of hostsFile.split('\n')) this.#readHosts(line.replace(/#.*/, '').trim());
  }

  /** The URL as it must read inside a machine; opens the way to it. Text that is no URL is answered as it is. */
  url(text: string): string {
    const parts = /^([a-z0-9+.-]+:)\/\/((?:[^/@\s]*@)?)(\[[^\]]+\]|[^/:\s]+)(?::(\d+))?(.*)$/is.exec(text);
    if (parts === null) return text;
    const [, scheme = '', user = '', host = '', givenPort, rest = ''] = parts;
    const port = Number(givenPort ?? STANDARD_PORTS[scheme.toLowerCase()] ?? 443);
    const loopback = this.#loopbackOf(host);
    if (loopback === undefined) {
      this.ports.add(port);
      return text;
    }
    this.forwards.set(port, loopback);
    if (isLoopback(host)) return `${scheme}//${user}${this.#gateway}${givenPort ? `:${givenPort}` : ''}${rest}`;
    // By name, since a certificate may be made out to it.
    const line = `${this.#gateway} ${host}`;
    if (!this.hosts.includes(line)) this.hosts.push(line);
    return text;
  }

  /** The address of a name server as it must read inside a machine. */
  nameServer(address: string): string {
    if (!isLoopback(address)) return address;
    this.forwards.set(53, ipv4Loopback(address));
    return this.#gateway;
  }

  #readHosts(line: string): void {
    const [address, ...names] = line.split(/\s+/);
    if (address === undefined || names.length === 0) return;
    if (isLoopback(address)) for (const name of names) this.#loopbackNames.set(name, ipv4Loopback(address));
    else if (!/^(fe00|ff00|ff02)::/i.test(address)) this.hosts.push([address, ...names].join(' '));
  }

  #loopbackOf(host: string): string | undefined {
    return isLoopback(host) ? ipv4Loopback(host) : this.#loopbackNames.get(host);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host) || /^\[?::1\]?$/.test(host);
}

/** Services on ::1 listen on 127.0.0.1 as a rule, and the machines speak IPv4 only. */
function ipv4Loopback(host: string): string {
  return host.startsWith('127.') ? host : '127.0.0.1';
}
