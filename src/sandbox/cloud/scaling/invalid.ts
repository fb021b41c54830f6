import { ApiError } from '../protocol/api-error.ts';

/** Auto Scaling's one code for input that cannot be. */
export function invalid(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

/** Throws the ApiError `ValidationError` for a number outside of the bounds. */
export function within(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw invalid(`The value ${value} of ${name} is not valid: it must be a whole number from ${least} to ${most}.`);
}
