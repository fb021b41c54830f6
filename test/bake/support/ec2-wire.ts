/** Answers EC2 calls as they were scripted, in EC2's XML: for tests of what we send and of what we make of the answers. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Cloud } from '../../../src/cloud/cloud.ts';
import { openCloud } from '../../../src/cloud/open-cloud.ts';

/** XML of the answer without its outer element, or EC2's error. */
export type Answer = string | { readonly code: string; readonly status?: number };

/** @param nth counts the calls of the action from 1. */
export type Script = (parameters: URLSearchParams, nth: number) => Answer;

export interface Call {
  readonly action: string;
  readonly region: string;
  readonly parameters: URLSearchParams;
}

export class Ec2Wire {
  readonly calls: Call[] = [];
  readonly #scripts = new Map<string, Script>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) =>
        response.writeHead(status, { 'x-amzn-requestid': 'r' }).end(body),
      );
    });
  }

  async open(): Promise<Cloud> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    return openCloud({
      kind: 'aws',
      why: 'a test',
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials,
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  on(action: string, script: Script): this {
    this.#scripts.set(action, script);
    return this;
  }

  scriptOf(action: string): Script {
    return this.#scripts.get(action) ?? (() => ({ code: 'InvalidAction' }));
  }

  called(action: string): readonly Call[] {
    return this.calls.filter((call) => call.action === action);
  }

  async #answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
    const parameters = new URLSearchParams(await text(request));
    const action = parameters.get('Action') ?? '';
    const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    this.calls.push({ action, region, parameters });
    const answer = this.scriptOf(action)(parameters, this.called(action).length);
    if (typeof answer === 'string') {
      return { status: 200, body: `<${action}Response><requestId>r</requestId>${answer}</${action}Response>` };
    }
    const { code, status = 400 } = answer;
    const error = `<Error><Code>${code}</Code><Message>scripted</Message></Error>`;
    return { status, body: `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>` };
  }
}

/** `<name><item>…</item>…</name>`. */
export function set(name: string, items: readonly string[]): string {
  return `<${name}>${items.map((item) => `<item>${item}</item>`).join('')}</${name}>`;
}

/** An element for each member. */
export function element(members: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
}
