import { isNotFound } from '../../cloud/cloud-error.ts';
import type { Remover } from './removal.ts';

/** EC2 answers the same whether the name was there. */
export const removeKeyPair: Remover = async ({ name }, { ec2 }) => {
  await ec2.deleteKeyPair({ KeyName: name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
};
