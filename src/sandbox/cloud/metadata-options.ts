import type { InstanceMetadataOptionsRequest, InstanceMetadataOptionsResponse } from '@aws-sdk/client-ec2';
import type { InstanceMetadata } from './instance-record.ts';
import { ApiError, invalidValue } from './protocol/api-error.ts';

/** The options that a call changes; throws ApiErrors. */
export function metadataOptions(before: InstanceMetadata, asked: InstanceMetadataOptionsRequest): InstanceMetadata {
  const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit: hops, InstanceMetadataTags, HttpProtocolIpv6 } = asked;
  if (hops !== undefined && (!Number.isInteger(hops) || hops < 1 || hops > 64)) {
    throw invalidValue(String(hops), 'HttpPutResponseHopLimit', 'The value must be between 1 and 64.');
  }
  if (HttpProtocolIpv6 === 'enabled') {
    throw new ApiError('UnsupportedOperation', 'The sandbox has no IPv6.');
  }
  return {
    endpoint: oneOf('HttpEndpoint', ['enabled', 'disabled'], HttpEndpoint) ?? before.endpoint,
    tokens: oneOf('HttpTokens', ['optional', 'required'], HttpTokens) ?? before.tokens,
    hopLimit: hops ?? before.hopLimit,
    tags: oneOf('InstanceMetadataTags', ['enabled', 'disabled'], InstanceMetadataTags) ?? before.tags,
  };
}

/** Images say whether instances of them must use tokens. */
export function defaultMetadata(imdsSupport: 'v2.0' | undefined): InstanceMetadata {
  const [tokens, hopLimit] = imdsSupport === undefined ? (['optional', 1] as const) : (['required', 2] as const);
  return { endpoint: 'enabled', tokens, hopLimit, tags: 'disabled' };
}

export function shownMetadata({ endpoint, tokens, hopLimit, tags }: InstanceMetadata): InstanceMetadataOptionsResponse {
  return {
    State: 'applied',
    HttpTokens: tokens,
    HttpPutResponseHopLimit: hopLimit,
    HttpEndpoint: endpoint,
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: tags,
  };
}

function oneOf<T extends string>(name: string, values: readonly T[], given: string | undefined): T | undefined {
  const found = values.find((value) => value === given);
  if (given === undefined || found !== undefined) return found;
  throw invalidValue(given, name, `It is ${values.join(' or ')}.`);
}
