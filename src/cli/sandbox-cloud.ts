/** `playbake sandbox env|serve|calls|inject`: the sandbox as a cloud that clients of AWS call. */

import { Fault } from '../fault.ts';
import { readCalls } from '../sandbox/cloud/call-log.ts';
import { CRASHED, ensureServer } from '../sandbox/cloud/server-client.ts';
import { homeAt } from '../sandbox/home.ts';
import { balancer } from './sandbox-balancer.ts';
import { inject } from './sandbox-inject.ts';
import { serveCommand } from './serve-command.ts';
import type { Session, Verb } from './session.ts';

/** The one who makes the sandbox of this session answer calls; it is started where it does not run. */
export function ensureCloud({ screen, signal }: Session) {
  const onProgress = (message: string) => screen.err(`${message}\n`);
  return ensureServer({ home: homeAt(), command: serveCommand(), onProgress, signal });
}

const env: Verb = async (args, session) => {
  if (args.length > 0) throw new Fault('option-invalid', `sandbox env does not take "${args[0]}"`);
  const { endpoint, region, accessKeyId, secretAccessKey } = await ensureCloud(session);
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  for (const [name, value] of Object.entries(variables)) session.screen.out(`export ${name}=${value}\n`);
  // A profile or a token of the user's would come before these.
  session.screen.out('unset AWS_PROFILE AWS_SESSION_TOKEN\n');
  return 0;
};

const serve: Verb = async (args, { screen, signal }) => {
  const port = portOf(args);
  const { serve } = await import('../sandbox/cloud/serve.ts');
  const say = (message: string) => screen.err(`${message}\n`);
  await serve({
    home: homeAt(),
    port,
    onProgress: say,
    onReady: (endpoint) => say(`the sandbox answers at ${endpoint}`),
    onError: (title, error) => say(`${title}: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    crash: () => process.exit(CRASHED),
    signal,
  });
  return 0;
};

function portOf([option, value, ...rest]: readonly string[]): number | undefined {
  if (option === undefined) return undefined;
  const port = Number(value);
  if (option === '--port' && rest.length === 0 && Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Fault('option-invalid', 'sandbox serve takes --port and a number up to 65535');
}

const calls: Verb = async (args, { screen }) => {
  const wrong = args.find((arg) => arg !== '--json');
  if (wrong !== undefined) throw new Fault('option-invalid', `sandbox calls does not take "${wrong}"`);
  for (const call of await readCalls(homeAt().calls)) {
    if (args.length > 0) {
      screen.out(`${JSON.stringify(call)}\n`);
      continue;
    }
    const parameters = Object.entries(call.parameters).map(([name, value]) => ` ${name}=${value}`);
    const time = call.time.slice(11, 23);
    screen.out(
      `${time}  ${call.service} ${call.region} ${call.action}  ${call.answer}  ${call.milliseconds} ms${parameters.join('')}\n`,
    );
  }
  return 0;
};

export const CLOUD_VERBS: Readonly<Record<string, Verb>> = { env, serve, calls, inject, balancer };
