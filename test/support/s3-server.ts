/** A small S3 in this process: objects that are read, written and removed, under conditions, as S3 answers. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly etag?: string;
  readonly body?: Buffer;
}

/** What goes wrong with the next call of that method; `lost`: it happens, and its answer does not arrive. */
export type Mishap =
  | { readonly method: string; readonly does: 'lost' }
  | { readonly method: string; readonly does: Answer };

export interface S3Server {
  readonly endpoint: string;
  /** By bucket and key, `states/a/b.json`. */
  readonly objects: Map<string, Buffer>;
  /** `PUT states/a/b.json`, in their order. */
  readonly calls: string[];
  readonly mishaps: Mishap[];
  /** Servers of other makers may not know conditions. */
  conditions: boolean;
  stop(): void;
}

/** @param buckets that are there. */
export async function startS3Server(buckets: readonly string[]): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const calls: string[] = [];
  const mishaps: Mishap[] = [];
  const server = createServer((request, response) => void serve(request, response));
  const s3 = { objects, calls, mishaps, conditions: true };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { method = '', url = '' } = request;
    const name = decodeURIComponent(new URL(url, 'http://s3').pathname.slice(1));
    calls.push(`${method} ${name}`);
    const at = mishaps.findIndex((one) => one.method === method);
    const [mishap] = at < 0 ? [] : mishaps.splice(at, 1);
    const answer = typeof mishap?.does === 'object' ? mishap.does : answered(request, name, body);
    if (mishap?.does === 'lost') return void response.destroy();
    response.writeHead(answer.status, answer.etag === undefined ? {} : { ETag: answer.etag });
    response.end(answer.code === undefined ? answer.body : errorOf(answer.code));
  }

  function answered({ method, headers }: IncomingMessage, name: string, body: Buffer): Answer {
    if (!buckets.includes(name.split('/')[0] ?? '')) return { status: 404, code: 'NoSuchBucket' };
    const kept = objects.get(name);
    if (method === 'GET') {
      return kept ? { status: 200, etag: etagOf(kept), body: kept } : { status: 404, code: 'NoSuchKey' };
    }
    if (method === 'DELETE') {
      objects.delete(name);
      return { status: 204 };
    }
    const { 'if-match': match, 'if-none-match': none } = headers;
    if (s3.conditions && match !== undefined && !kept) return { status: 404, code: 'NoSuchKey' };
    const other = (match !== undefined && kept && etagOf(kept) !== match) || (none === '*' && kept);
    if (s3.conditions && other) return { status: 412, code: 'PreconditionFailed' };
    objects.set(name, body);
    return { status: 200, etag: etagOf(body) };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return Object.assign(s3, {
    endpoint: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  });
}

const etagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`;

const errorOf = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said so</Message></Error>`;
