/** Instance metadata, versions 1 and 2: what a request is answered with. */

import type { InstanceRecord } from './instance-record.ts';
import type { MetadataTokens } from './metadata-token.ts';
import { metadataTree, type Told, tellAt } from './metadata-tree.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Seconds that a token may be good for. */
const LONGEST = 21_600;

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN = 'x-aws-ec2-metadata-token';

export function metadataAnswer(told: Told, tokens: MetadataTokens, asked: Asked): Answer {
  const { instance } = told;
  if (instance.metadata.endpoint === 'disabled') return refusal(403, 'Forbidden');
  if (asked.method === 'PUT') return issued(instance, tokens, asked);
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return refusal(405, 'Method Not Allowed');
  const token = asked.headers[TOKEN];
  const left = typeof token === 'string' ? tokens.remaining(instance.id, token) : undefined;
  // A wrong token is refused also where none is needed.
  if (left === undefined && (token !== undefined || instance.metadata.tokens === 'required')) {
    return refusal(401, 'Unauthorized');
  }
  const said = tell(told, asked.path);
  if (said === undefined) return refusal(404, 'Not Found');
  return { status: 200, body: said, headers: left === undefined ? {} : { [TTL]: String(left) } };
}

function issued({ id }: InstanceRecord, tokens: MetadataTokens, { path, headers }: Asked): Answer {
  if (!/^\/latest\/api\/token\/?$/.test(path)) return refusal(404, 'Not Found');
  // What a proxy hands on may come from anywhere.
  if (headers['x-forwarded-for'] !== undefined) return refusal(403, 'Forbidden');
  const seconds = Number(headers[TTL]);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST) return refusal(400, 'Bad Request');
  return { status: 200, body: tokens.issue(id, seconds), headers: { [TTL]: String(seconds) } };
}

/** The dates that name the older versions of the tree, and `latest`; all are the same here. */
const VERSION = /^(?:latest|1\.0|20\d\d-\d\d-\d\d)$/;

function tell(told: Told, path: string): string | Buffer | undefined {
  const [version, ...rest] = decodeURIComponent(path.split('?')[0] ?? '')
    .split('/')
    .filter(Boolean);
  if (version === undefined) return '1.0\n2007-01-19\n2021-03-23\nlatest';
  return VERSION.test(version) ? tellAt(metadataTree(told), rest.join('/')) : undefined;
}

function refusal(status: number, title: string): Answer {
  const body = `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${status} - ${title}</title>
 </head>
 <body>
  <h1>${status} - ${title}</h1>
 </body>
</html>
`;
  return { status, body, headers: { 'Content-Type': 'text/html' } };
}
