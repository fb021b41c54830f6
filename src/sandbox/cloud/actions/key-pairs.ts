/** Key pairs: imported, or made here. */

import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  ImportKeyPairRequest,
  ImportKeyPairResult,
  KeyPair,
  KeyPairInfo,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { filtered, tagFacets } from '../filters.ts';
import { findKeyPair } from '../find-key-pair.ts';
import { createdFingerprint, importedFingerprint } from '../key-fingerprint.ts';
import type { KeyPairRecord } from '../key-pair-record.ts';
import { listed } from '../listed.ts';
import { makeKeyPair } from '../make-key-pair.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import { type PublicKey, parsePublicKey } from '../public-key.ts';
import type { Region } from '../region.ts';
import { newId } from '../resource-ids.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';

const importKeyPair: Action<ImportKeyPairRequest, ImportKeyPairResult> = async (input, context) => {
  const key = await parsePublicKey(Buffer.from(input.PublicKeyMaterial ?? []).toString('utf8'));
  const name = nameOf(input.KeyName, context.region);
  return kept(context, { name, key, fingerprint: importedFingerprint(key), tags: input.TagSpecifications });
};

const createKeyPair: Action<CreateKeyPairRequest, KeyPair> = async (input, context) => {
  const { KeyName, KeyType: type = 'rsa', KeyFormat = 'pem', TagSpecifications } = input;
  const name = nameOf(KeyName, context.region);
  if (type !== 'rsa' && type !== 'ed25519') throw invalidValue(type, 'KeyType', 'It is rsa or ed25519.');
  if (KeyFormat !== 'pem') {
    throw new ApiError('UnsupportedOperation', `The sandbox makes keys in the format pem, not ${KeyFormat}.`);
  }
  const made = await makeKeyPair(type, name);
  const key = await parsePublicKey(made.publicKey);
  // Another call may have taken the name meanwhile.
  nameOf(name, context.region);
  const fingerprint = createdFingerprint(key, made.privateKey);
  return { ...kept(context, { name, key, fingerprint, tags: TagSpecifications }), KeyMaterial: made.privateKey };
};

interface NewKeyPair {
  readonly name: string;
  readonly key: PublicKey;
  readonly fingerprint: string;
  readonly tags: readonly TagSpecification[] | undefined;
}

function kept({ region, now }: Context, { name, key, fingerprint, tags }: NewKeyPair): ImportKeyPairResult {
  allowTagTypes(['key-pair'], tags);
  const pair: KeyPairRecord = {
    id: newId('keyPairs'),
    tags: tagsFor('key-pair', tags),
    createdAt: now,
    name,
    type: key.type,
    fingerprint,
    publicKey: `${key.line} ${name}`,
  };
  region.put('keyPairs', pair);
  return { KeyPairId: pair.id, KeyName: name, KeyFingerprint: fingerprint, Tags: shownTags(pair.tags) };
}

/** A name that a new key pair can have. */
function nameOf(name: string | undefined, region: Region): string {
  if (name === undefined || name === '') throw missingParameter('keyName');
  if (!/^[\x20-\x7e]{1,255}$/.test(name) || name.trim() !== name) {
    throw invalidValue(name, 'keyName', 'It has up to 255 ASCII characters, without spaces around it.');
  }
  if (Object.values(region.state.keyPairs).some((pair) => pair.name === name)) {
    throw new ApiError('InvalidKeyPair.Duplicate', `The keypair already exists`);
  }
  return name;
}

const describeKeyPairs: Action<DescribeKeyPairsRequest, DescribeKeyPairsResult> = (input, { region }) => {
  const { KeyNames = [], KeyPairIds, Filters, IncludePublicKey = false } = input;
  const named = KeyNames.length === 0 ? listed(region, 'keyPairs', KeyPairIds) : [];
  const pairs = [...named, ...KeyNames.map((name) => findKeyPair(region, name))];
  const found = filtered(pairs, Filters, {
    'key-pair-id': ({ id }) => [id],
    'key-name': ({ name }) => [name],
    fingerprint: ({ fingerprint }) => [fingerprint],
    ...tagFacets<KeyPairRecord>(({ tags }) => tags),
  });
  return { KeyPairs: found.map((pair) => shown(pair, IncludePublicKey)) };
};

function shown(pair: KeyPairRecord, withPublicKey: boolean): KeyPairInfo {
  return {
    KeyPairId: pair.id,
    KeyName: pair.name,
    KeyType: pair.type,
    KeyFingerprint: pair.fingerprint,
    CreateTime: new Date(pair.createdAt),
    ...(withPublicKey ? { PublicKey: pair.publicKey } : {}),
    Tags: shownTags(pair.tags),
  };
}

/** What is not there is deleted already. */
const deleteKeyPair: Action<DeleteKeyPairRequest, DeleteKeyPairResult> = ({ KeyName, KeyPairId }, { region }) => {
  if (KeyName === undefined && KeyPairId === undefined) throw missingParameter('KeyName or KeyPairId');
  const pairs = Object.values(region.state.keyPairs);
  const pair = pairs.find(({ id, name }) => (KeyPairId === undefined ? name === KeyName : id === KeyPairId));
  if (pair === undefined) return { Return: true };
  region.remove('keyPairs', pair.id);
  return { Return: true, KeyPairId: pair.id };
};

export const KEY_PAIR_ACTIONS: Actions = {
  ImportKeyPair: importKeyPair,
  CreateKeyPair: createKeyPair,
  DescribeKeyPairs: describeKeyPairs,
  DeleteKeyPair: deleteKeyPair,
};
