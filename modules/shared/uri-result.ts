/** What `uri` tells of an answer, by the names and in the words of Ansible's own. */

import type { Outcome, Plain, Result } from '../../src/module/module.ts';
import { NO_TOOL, noAnswer, parseHeaders } from './http.ts';

interface Asked {
  readonly url: string;
  readonly status_code: readonly number[];
  readonly return_content: boolean;
}

/** `said` is what the request's program printed: status, last URL, seconds, error, headers, path and whether base64, then the body. */
export function uriResult(
  { values, msg, changed }: Outcome,
  { url, status_code: codes, return_content: wanted }: Asked,
): Result {
  const { said, ...facts } = values;
  if (said === undefined)
    return msg === undefined ? { changed: false, ...values } : { changed: false, failed: true, msg };
  const [code = '0', final = '', elapsed = '0', error = '', headerText = '', path = '', coded = '', ...rest] =
    String(said).split('\0');
  const { headers, reason, cookies } = parseHeaders(headerText);
  const type = headers['content-type'] ?? '';
  const status = Number(code) === 0 ? -1 : Number(code);
  const ok = codes.includes(status);
  // Python's client takes any other status for an error, and Ansible's results show it.
  const answered = status >= 200 && status < 300;
  const body = contentOf(rest.join('\0'), coded !== '', type);
  const json = isJson(type) ? parseJson(body) : undefined;
  const isError = status > 0 && !answered;
  const says =
    status < 0
      ? failure(error)
      : isError
        ? `HTTP Error ${status}: ${reason}`
        : `OK (${headers['content-length'] ?? 'unknown'} bytes)`;
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value])),
    ...(headers['location'] !== undefined && { location: absolute(headers['location'], url) }),
    ...(answered && { cookies, cookies_string: cookieText(cookies) }),
    url: final,
    redirected: final !== url && status > 0,
    status,
    elapsed: Number(elapsed),
    changed: ok && changed,
    ...(json !== undefined && { json }),
    ...(isError && ok && json === undefined && !wanted && { body }),
    ...(wanted && { content: body }),
    ...(path !== '' && status > 0 && { path }),
    ...facts,
    ...(ok ? { msg: says } : { failed: true, msg: `Status code was ${status} and not [${codes.join(', ')}]: ${says}` }),
  };
}

function absolute(location: string, url: string): string {
  return URL.canParse(location, url) ? new URL(location, url).href : location;
}

function cookieText(cookies: { readonly [name: string]: string }): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}

function failure(error: string): string {
  return error.includes(NO_TOOL) ? NO_TOOL : noAnswer(error);
}

/** What is not UTF-8 comes as base64. */
function contentOf(text: string, coded: boolean, type: string): string {
  if (!coded) return text;
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8';
  const bytes = Buffer.from(text, 'base64');
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

function isJson(type: string): boolean {
  const sub = /^[^/;]*\/([^;,\s]*)/.exec(type)?.[1]?.toLowerCase() ?? '';
  return ['json', 'javascript'].includes(sub.includes('+') ? (sub.split('+')[1] ?? '') : sub);
}

function parseJson(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}
