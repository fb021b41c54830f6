import { Fault } from '../../src/module/module.ts';

/** Throws a Fault for a file that is encrypted by ansible-vault, unless it is wanted as it is. */
export function refuseVault(path: string, bytes: Buffer, decrypt: boolean): void {
  if (!decrypt || !bytes.subarray(0, 15).equals(Buffer.from('$ANSIBLE_VAULT;'))) return;
  throw new Fault('file-unreadable', `${path} is encrypted by ansible-vault, which is not supported yet`, {
    where: { file: path },
    hint: 'decrypt it, or take it as it is with decrypt: no',
  });
}
