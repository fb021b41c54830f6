/** Filters that hash. */

import { numberOf } from '../../value/arithmetic.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import { hashPassword } from '../crypt/password-hash.ts';
import { type Filters, filter } from '../language.ts';
import { crypto } from '../on-demand.ts';

function hash(type: string, text: string): string {
  if (!crypto().getHashes().includes(type)) throw new PythonError(`unsupported hash type ${type}`);
  return crypto().createHash(type).update(text).digest('hex');
}

/** A UUID of version 5 in Ansible's namespace. */
function uuid(text: string, namespace: string): string {
  const digest = crypto()
    .createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(text)
    .digest();
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const ANSIBLE_NAMESPACE = '361e6d51-faec-444a-9079-341386da8e2e';

const sha1 = filter('', (value) => hash('sha1', str(value)));

export const HASH_FILTERS: Filters = {
  hash: filter('hashtype', (value, args) => hash(args.text('hashtype', 'sha1'), str(value))),
  checksum: sha1,
  sha1,
  md5: filter('', (value) => hash('md5', str(value))),
  to_uuid: filter('namespace', (value, args) => uuid(str(value), args.text('namespace', ANSIBLE_NAMESPACE))),
  password_hash: filter('hashtype salt salt_size rounds ident', (value, args) => {
    const given = (name: string) => args.get(name) ?? undefined;
    const [salt, saltSize, rounds] = [given('salt'), given('salt_size'), given('rounds')];
    return hashPassword(str(value), {
      type: args.text('hashtype', 'sha512'),
      salt: salt === undefined ? undefined : str(salt),
      saltSize: saltSize === undefined ? undefined : numberOf(saltSize),
      rounds: rounds === undefined ? undefined : numberOf(rounds),
    });
  }),
};
