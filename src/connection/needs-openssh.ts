/** Whether a host needs the system's ssh: certificates, security keys and smart cards are beyond ssh2. */

import { existsSync } from 'node:fs';
import { FileCache } from './file-cache.ts';
import type { HostKeys } from './host-key.ts';
import { first } from './ssh-options.ts';
import type { SshSettings } from './ssh-settings.ts';

export async function needsOpenssh(settings: SshSettings, hostKeys: HostKeys): Promise<boolean> {
  const { agent, certificateFiles, configured, explicitKey, identityFiles, options, password } = settings;
  if (hostKeys.certified || certificateFiles.length > 0 || first(options, 'pkcs11provider') !== undefined) return true;
  const looks = await Promise.all(identityFiles.map(look));
  if (looks.some(({ certificate }) => certificate)) return true;
  const chosen = explicitKey === undefined ? looks : looks.filter(({ path }) => path === explicitKey);
  const securityKey = chosen.some(({ security }) => security);
  if (explicitKey !== undefined || configured) return securityKey;
  // A default key on a security key serves only where there is nothing that asks for no touch.
  return securityKey && agent === undefined && password === undefined && !looks.some(({ plain }) => plain);
}

interface Look {
  readonly path: string;
  readonly certificate: boolean;
  readonly security: boolean;
  readonly plain: boolean;
}

const publicKeys = new FileCache((text) => text);

async function look(path: string): Promise<Look> {
  const publicKey = await publicKeys.of(`${path}.pub`).catch(() => '');
  const there = existsSync(path);
  const security = publicKey.startsWith('sk-') || (there && /_sk$/.test(path));
  return { path, certificate: existsSync(`${path}-cert.pub`), security, plain: there && !security };
}
