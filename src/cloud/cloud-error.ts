/** What an error of the SDK means, and the Fault that it is to a user. */

import { Fault } from '../fault.ts';

/** A call of an API, such as RunInstances of ec2. */
export interface Call {
  /** As policies name it: ec2, elasticloadbalancing, autoscaling, sts, s3. */
  readonly service: string;
  readonly action: string;
}

/** Which call an error answered. */
export const CALLED = new WeakMap<Error, Call>();

/** EC2's code, such as `InvalidInstanceID.NotFound`; empty for what is no error of the SDK. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('Code' in error && typeof error.Code === 'string') return error.Code;
  return error.name === 'Error' && 'code' in error ? String(error.code) : error.name;
}

/** EC2 answers of things that are not there, or not there yet. */
export function isNotFound(error: unknown): boolean {
  return /^Invalid.*\.(?:NotFound|Unavailable)$|^(?:LoadBalancer|TargetGroup|Listener|Rule)NotFound(?:Exception)?$/.test(
    codeOf(error),
  );
}

/** An answer that says no, for good: nothing has happened. */
export function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  const cause = error instanceof Error && error.cause !== undefined && error instanceof Fault ? error.cause : undefined;
  return (status >= 400 && status < 500 && !isPassing(error)) || (cause !== undefined && isRefusal(cause));
}

const THROTTLED =
  /^(?:Throttl|RequestLimitExceeded|RequestThrottled|TooManyRequests|SlowDown|BandwidthLimitExceeded|EC2ThrottledException)/;

/** Errors that another try may not meet: the SDK tried several times already. */
export function isPassing(error: unknown): boolean {
  if (NO_CAPACITY.test(codeOf(error))) return false;
  return THROTTLED.test(codeOf(error)) || statusOf(error) >= 500 || isNetwork(error);
}

/** EC2 says these with status 500, and says them again for hours. */
const NO_CAPACITY = /^Insufficient\w*Capacity/;

const NETWORK = /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError|NetworkingError)/;

function isNetwork(error: unknown): boolean {
  return NETWORK.test(codeOf(error)) || (error instanceof Error && 'code' in error && NETWORK.test(String(error.code)));
}

const CREDENTIALS = /^(?:CredentialsProviderError|TokenProviderError|NoCredentials)/;
const EXPIRED = /^(?:ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)/;
const INVALID =
  /^(?:AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|MissingAuthenticationToken)/;
const DENIED = /^(?:UnauthorizedOperation|AccessDenied|AccessDeniedException|Forbidden|OptInRequired)/;

/** An error of the SDK as a Fault; everything else as it is. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = codeOf(error);
  const { service, action } = CALLED.get(error) ?? { service: '', action: 'a call' };
  if (/^(?:ENOSPC|EDQUOT|EROFS|EACCES)$/.test(code)) {
    return new Fault('journal-failed', `what must be remembered cannot be written: ${error.message}`, {
      hint: 'make room on this disk, or let the directory be written to',
      cause: error,
    });
  }
  if (CREDENTIALS.test(code)) {
    return new Fault('cloud-credentials', `there are no credentials for AWS: ${error.message}`, {
      hint: 'log in (`aws sso login`, `aws configure`), set AWS_PROFILE, or write  profile:  into playbake.yml',
      cause: error,
    });
  }
  if (EXPIRED.test(code)) {
    return new Fault('cloud-credentials', `the credentials for AWS have expired (${action}: ${error.message})`, {
      hint: 'log in again, then go on where it stopped (`bake --resume`, `rollout apply`)',
      cause: error,
    });
  }
  if (INVALID.test(code)) {
    return new Fault('cloud-credentials', `AWS does not accept the credentials (${action}: ${error.message})`, {
      hint: 'see which are used with `aws sts get-caller-identity`; a clock that is wrong has the same effect',
      cause: error,
    });
  }
  if (DENIED.test(code)) {
    return new Fault('cloud-denied', `${action} is not allowed: ${error.message}`, {
      hint: `the policy of the credentials needs ${service}:${action}`,
      cause: error,
    });
  }
  if (NO_CAPACITY.test(code)) {
    return new Fault('cloud-refused', `AWS has no room for the machine now: ${code}: ${error.message}`, {
      hint: 'name another instance_type: or a subnet: of another zone in playbake.yml, or try again later',
      cause: error,
    });
  }
  if (isNetwork(error)) {
    return new Fault('cloud-unreachable', `${action} did not get through: ${error.message || code}`, {
      hint: 'see endpoint: and region: in playbake.yml, and whether a proxy is in the way',
      cause: error,
    });
  }
  if (!('$metadata' in error)) return error;
  return new Fault('cloud-refused', `${action} was refused: ${code}: ${error.message}${requestOf(error)}`, {
    cause: error,
  });
}

function requestOf(error: Error): string {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const id = typeof metadata === 'object' && metadata !== null && 'requestId' in metadata ? metadata.requestId : '';
  return typeof id === 'string' && id !== '' ? ` (request ${id})` : '';
}

function statusOf(error: unknown): number {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return Number(metadata.httpStatusCode ?? 0);
}
