import { validationError } from './validation-error.ts';

/** The name of a load balancer or of a target group (`noun`). Throws the ApiError `ValidationError`. */
export function checkName(name = '', noun: string): string {
  if (name.length > 32) throw validationError(`${noun} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      `${noun} name '${name}' can only contain characters that are alphanumeric characters or hyphens(-)`,
    );
  }
  if (/^-|-$/.test(name)) throw validationError(`${noun} name '${name}' cannot begin or end with '-'`);
  return name;
}
