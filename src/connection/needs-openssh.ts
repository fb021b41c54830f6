/** Whether a host needs the system's ssh: certificates, security keys and smart cards are beyond ssh2. */

import { access, readFile } from 'node:fs/promises';
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

async function look(path: string): Promise<Look> {
  const [certificate, publicKey, there] = await Promise.all([
    exists(`${path}-cert.pub`),
    readFile(`${path}.pub`, 'latin1').catch(() => ''),
    exists(path),
  ]);
  const security = publicKey.startsWith('sk-') || (there && /_sk$/.test(path));
  return { path, certificate, security, plain: there && !security };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
