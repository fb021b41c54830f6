import type { MiddlewareStack } from '@smithy/types';
import { CALLED } from './cloud-error.ts';

interface Client<Input extends object, Output extends object> {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/** Lets the errors of a client remember which call they answer. @param service as policies name it */
export function remembering<Input extends object, Output extends object, T extends Client<Input, Output>>(
  service: string,
  client: T & Client<Input, Output>,
): T {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const action = String(context.commandName).replace(/Command$/, '');
        if (error instanceof Error) CALLED.set(error, { service, action });
        throw error;
      }
    },
    { step: 'initialize', name: 'rememberCommand' },
  );
  return client;
}
