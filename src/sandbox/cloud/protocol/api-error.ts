/** A refusal in AWS's words: the code is what clients act upon. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** As documented by AWS, such as `InvalidInstanceID.NotFound`. */
  readonly code: string;
  /** The status of the HTTP answer. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A parameter that is missing, in EC2's words. */
export function missingParameter(name: string): ApiError {
  return new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** A parameter with a value that it cannot have, in EC2's words. */
export function invalidValue(value: string, name: string, why = ''): ApiError {
  return new ApiError('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid. ${why}`.trim());
}
