/** A temporary ed25519 key pair. It is made here; the cloud sees its public half only. */

import { codeOf } from '../../cloud/cloud-error.ts';
import { tagged } from '../../cloud/tags.ts';
import { make } from '../make.ts';
import { keyFiles } from '../ssh-files.ts';
import type { Step } from '../step.ts';

export const makeKeyPair: Step<object, { readonly keyName: string }> = {
  id: 'key-pair',
  title: 'Make a key pair',
  async run(_, work) {
    const { run, cloud, directory, tags } = work;
    const keyName = `playbake-${run}`;
    const key = keyFiles(directory, 'login');
    await make({ kind: 'key-pair', region: cloud.region, name: keyName }, work, async () => {
      const { KeyPairId } = await cloud
        .ec2()
        .importKeyPair({
          KeyName: keyName,
          PublicKeyMaterial: Buffer.from(`${key.public} ${keyName}`),
          TagSpecifications: tagged(['key-pair'], { Name: keyName, ...tags }),
        })
        .catch((error: unknown) => {
          // Imported by this run before it was killed: nobody else has its name.
          if (codeOf(error) === 'InvalidKeyPair.Duplicate') return { KeyPairId: undefined };
          throw error;
        });
      return KeyPairId ?? keyName;
    });
    return { keyName };
  },
};
