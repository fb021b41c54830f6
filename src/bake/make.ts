/** One call that makes something, written down before and after. */

import { isRefusal } from '../cloud/cloud-error.ts';
import type { Resource } from './journal/resource.ts';
import type { Work } from './work.ts';

/**
 * Gives the id that `call` answers with. When the cloud refuses, nothing was made, and nothing needs to be looked for; any
 * other failure leaves that open.
 */
export async function make(resource: Omit<Resource, 'id'>, work: Work, call: () => Promise<string>): Promise<string> {
  work.intend(resource);
  try {
    const id = await call();
    work.made({ ...resource, id });
    return id;
  } catch (error) {
    if (isRefusal(error)) work.unmade(resource);
    throw error;
  }
}
