import { ApiError } from '../protocol/api-error.ts';

/** Elastic Load Balancing's refusal of a parameter. */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

/** A value of a parameter that must be one of some. */
export function notOneOf(value: string, name: string, all: readonly string[]): ApiError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${all.join(', ')}]`,
  );
}

/** A number that is checked against its bounds, both of which it may be. Throws the ApiError `ValidationError`. */
export function between(value: number, name: string, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw validationError(`${name} '${value}' must be between '${least}' and '${most}'`);
}
