import { type Bytes, Fault } from '../../src/module/module.ts';

const MARK = Buffer.from('$ANSIBLE_VAULT;');

/** Throws a Fault for a file that is encrypted by ansible-vault, unless it is wanted as it is. */
export function refuseVault(path: string, bytes: Bytes, decrypt: boolean): void {
  if (!decrypt || !MARK.equals(bytes.subarray(0, Math.min(MARK.length, bytes.length)))) return;
  throw new Fault('file-unreadable', `${path} is encrypted by ansible-vault, which is not supported yet`, {
    where: { file: path },
    hint: 'decrypt it, or take it as it is with decrypt: no',
  });
}
