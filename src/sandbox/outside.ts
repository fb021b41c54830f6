/** How this machine reaches the world, as files for the machines of a sandbox, so that apt and pip work in them as they do here. */

import { env } from 'node:process';
import { readAptSettings } from './apt-settings.ts';
import { BUNDLE, readExtraCertificates } from './certificates.ts';
import { Egress } from './egress.ts';
import { textOf } from './files.ts';
import { pipConfig, readPipSettings } from './pip-settings.ts';
import type { SeedFile } from './seed-file.ts';

export interface Outside {
  readonly files: readonly SeedFile[];
  readonly egress: Egress;
}

/** `gateway` is where machines find this machine; `release` is their Debian release. */
export async function lookOutside(gateway: string, release: string): Promise<Outside> {
  const egress = new Egress(gateway, (await textOf('/etc/hosts')) ?? '');
  const files = [
    ...(await aptSeeds(egress, release)),
    ...(await pipSeeds(egress)),
    ...(await readExtraCertificates(env)),
    { path: '/etc/resolv.conf', content: await nameServers(egress) },
    { path: '/etc/environment', content: proxyVariables(env, egress) },
  ];
  return { files, egress };
}

async function aptSeeds(egress: Egress, release: string): Promise<readonly SeedFile[]> {
  const apt = await readAptSettings(release);
  const sources = apt.sources.map((line) => withUrls(line, egress));
  const proxies = proxyLines(env).map((line) => withUrls(line, egress));
  const options = [...proxies, ...apt.options.map((line) => withUrls(line, egress))];
  return [
    { path: '/etc/apt/sources.list', content: `${sources.join('\n')}\n` },
    { path: '/etc/apt/apt.conf.d/80outside', content: options.map((line) => `${line}\n`).join('') },
    ...apt.files,
  ];
}

async function pipSeeds(egress: Egress): Promise<readonly SeedFile[]> {
  const settings = new Map(await readPipSettings(env));
  const proxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? env['http_proxy'];
  // sudo drops the proxy variables, so pip finds the proxy in its own file.
  if (proxy && !settings.has('proxy')) settings.set('proxy', proxy);
  const files: SeedFile[] = [];
  for (const key of ['cert', 'client-cert']) {
    const path = settings.get(key);
    const content = path === undefined || path === BUNDLE ? undefined : await textOf(path);
    if (path !== undefined && content !== undefined) files.push({ path, content });
  }
  const inside = new Map([...settings].map(([key, value]) => [key, withUrls(value, egress)]));
  return [{ path: '/etc/pip.conf', content: pipConfig(inside) }, ...files];
}

/** Where this machine asks a resolver of its own on loopback, systemd-resolved keeps the real ones in a second file. */
async function nameServers(egress: Egress): Promise<string> {
  const own = (await textOf('/etc/resolv.conf')) ?? '';
  const upstream = /^nameserver\s+127\.0\.0\.53$/m.test(own)
    ? await textOf('/run/systemd/resolve/resolv.conf')
    : undefined;
  return (upstream ?? own).replace(/^(nameserver\s+)(\S+)/gm, (_, word: string, address: string) => {
    return word + egress.nameServer(address);
  });
}

const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'];

function proxyVariables(environment: NodeJS.ProcessEnv, egress: Egress): string {
  const lines = PROXIES.flatMap((name) => {
    const value = environment[name] ?? environment[name.toUpperCase()];
    if (!value) return [];
    const inside = withUrls(value, egress);
    return [`${name}="${inside}"`, `${name.toUpperCase()}="${inside}"`];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** apt obeys http_proxy and https_proxy, which sudo drops. */
function proxyLines(environment: NodeJS.ProcessEnv): readonly string[] {
  return ['http', 'https'].flatMap((scheme) => {
    const proxy = environment[`${scheme}_proxy`];
    return proxy ? [`Acquire::${scheme}::Proxy "${proxy}";`] : [];
  });
}

/** Each URL in the text, as it must read inside. */
function withUrls(text: string, egress: Egress): string {
  return text.replace(/[a-z0-9+.-]+:\/\/[^\s"';]+/gi, (url) => egress.url(url));
}
