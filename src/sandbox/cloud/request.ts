/** An HTTP request, as far as it concerns an API call. */

import type { IncomingMessage } from 'node:http';
import { ApiError } from './protocol/api-error.ts';
import { type Service, serviceNamed } from './protocol/services.ts';
import { isRegion } from './regions.ts';

export interface ApiRequest {
  readonly service: Service;
  readonly region: string;
  readonly action: string;
  readonly parameters: URLSearchParams;
}

/** No request of these protocols is longer; bytes. */
const LONGEST = 1 << 20;

/** Global services sign for this region. */
const GLOBAL = 'us-east-1';

/** Reads a signed request. The signature is not verified: whoever reaches loopback may do anything here anyway. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const body = await bodyOf(message);
  const parameters = message.method === 'GET' ? url.searchParams : new URLSearchParams(body);
  const { service: name, region } = scopeOf(message, url);
  const service = serviceNamed(name);
  if (service === undefined) {
    throw new ApiError('InvalidClientTokenId', `The sandbox has no service ${JSON.stringify(name)}`, 403);
  }
  if (!isRegion(region)) throw new ApiError('AuthFailure', `There is no region ${JSON.stringify(region)}`, 401);
  const action = parameters.get('Action');
  if (action === null) throw new ApiError('MissingAction', 'The request must contain the parameter Action');
  return { service, region, action, parameters };
}

/** Where the signature says that it is for: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
function scopeOf(message: IncomingMessage, url: URL): { readonly region: string; readonly service: string } {
  const header = message.headers.authorization ?? '';
  const credential = /Credential=([^,\s]+)/.exec(header)?.[1] ?? url.searchParams.get('X-Amz-Credential');
  if (credential === null || credential === undefined) {
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const [, , region = GLOBAL, service = ''] = decodeURIComponent(credential).split('/');
  return { region, service };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message) {
    length += part.length;
    if (length > LONGEST) throw new ApiError('RequestEntityTooLarge', 'The request is too long', 413);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
