/** Certificate authorities that this machine trusts beyond those of its distribution. */

import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from './files.ts';
import type { SeedFile } from './seed-file.ts';

export const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const LOCAL = '/usr/local/share/ca-certificates';
const DISTRIBUTION = '/usr/share/ca-certificates';
/** Tools are told by these which bundle to believe. */
const VARIABLES = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'PIP_CERT'];

/** One file for each extra authority, in the place where `update-ca-certificates` finds it. */
export async function readExtraCertificates(environment: NodeJS.ProcessEnv): Promise<readonly SeedFile[]> {
  const bundles = new Set([BUNDLE, ...VARIABLES.map((name) => environment[name] ?? BUNDLE)]);
  const trusted = [...(await textsOf([...bundles])), ...(await textsOf(await certificateFiles(LOCAL)))];
  return extraCertificates(trusted, await textsOf(await certificateFiles(DISTRIBUTION)));
}

/** The certificates in `trusted` that are not in `known`, each once; both hold PEM texts. */
export function extraCertificates(trusted: readonly string[], known: readonly string[]): readonly SeedFile[] {
  const ordinary = new Set(known.flatMap(blocksOf));
  const extra = new Set(trusted.flatMap(blocksOf).filter((block) => !ordinary.has(block)));
  return [...extra].map((block) => {
    const name = createHash('sha256').update(block).digest('hex').slice(0, 12);
    return { path: join(LOCAL, `outside-${name}.crt`), content: block };
  });
}

function blocksOf(text: string): readonly string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block.replace(/\s*\n\s*/g, '\n')}\n`);
}

async function certificateFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => /\.(crt|pem)$/.test(name)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

async function textsOf(files: readonly string[]): Promise<readonly string[]> {
  return (await Promise.all(files.map(textOf))).map((text) => text ?? '');
}
