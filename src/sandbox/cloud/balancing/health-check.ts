/** The settings of health checks: as calls give them, with AWS's defaults and bounds. */

import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../protocol/api-error.ts';
import type { GroupProtocol, HealthCheck } from './balancing-records.ts';
import { between, notOneOf, validationError } from './validation-error.ts';

export type CheckWish = Pick<
  CreateTargetGroupInput,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckEnabled'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>;

/** The check after a change; `before` is absent when the group is new. Throws ApiErrors. */
export function checkOf(wish: CheckWish, protocol: GroupProtocol, before?: HealthCheck): HealthCheck {
  if (wish.HealthCheckEnabled === false) {
    throw validationError(`Health check enabled must be true for target groups with target type 'instance' or 'ip'`);
  }
  const kind = protocolOf(wish.HealthCheckProtocol, protocol, before);
  const base = before?.protocol === kind ? before : standard(kind, protocol, before);
  const check: HealthCheck = {
    protocol: kind,
    port: portOf(wish.HealthCheckPort ?? base.port),
    interval: between(wish.HealthCheckIntervalSeconds ?? base.interval, 'Health check interval', [5, 300]),
    timeout: between(wish.HealthCheckTimeoutSeconds ?? base.timeout, 'Health check timeout', [2, 120]),
    healthy: between(wish.HealthyThresholdCount ?? base.healthy, 'Healthy threshold count', [2, 10]),
    unhealthy: between(wish.UnhealthyThresholdCount ?? base.unhealthy, 'Unhealthy threshold count', [2, 10]),
    ...(kind === 'TCP' ? {} : httpOf(wish, base)),
  };
  if (kind === 'TCP' && (wish.HealthCheckPath !== undefined || wish.Matcher?.HttpCode !== undefined)) {
    throw validationError('Health check paths and matchers cannot be specified with the protocol TCP');
  }
  if (check.timeout <= check.interval && (protocol === 'TCP' || check.timeout < check.interval)) return check;
  throw validationError(
    `Health check timeout '${check.timeout}' must be smaller than the interval '${check.interval}'`,
  );
}

function protocolOf(wanted: string | undefined, group: GroupProtocol, before?: HealthCheck): GroupProtocol {
  if (wanted === undefined) return before?.protocol ?? group;
  if (wanted === 'HTTP' || (wanted === 'TCP' && group === 'TCP')) return wanted;
  if (wanted === 'HTTPS') {
    throw new ApiError('UnsupportedOperation', 'The sandbox has no health checks over HTTPS: use HTTP or TCP.');
  }
  throw notOneOf(wanted, 'healthCheckProtocol', group === 'TCP' ? ['HTTP', 'HTTPS', 'TCP'] : ['HTTP', 'HTTPS']);
}

function standard(kind: GroupProtocol, group: GroupProtocol, before?: HealthCheck): HealthCheck {
  const timeout = group === 'HTTP' ? 5 : kind === 'HTTP' ? 6 : 10;
  const common = before ?? { port: 'traffic-port', interval: 30, timeout, healthy: 5, unhealthy: 2 };
  const http = { path: '/', matcher: group === 'HTTP' ? '200' : '200-399' };
  return { ...common, protocol: kind, ...(kind === 'HTTP' ? http : {}) };
}

function portOf(port: string): string {
  if (port === 'traffic-port') return port;
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return port;
  throw validationError(`Health check port '${port}' must be 'traffic-port' or a number from 1 to 65535`);
}

function httpOf(wish: CheckWish, base: HealthCheck): Pick<HealthCheck, 'path' | 'matcher'> {
  const path = wish.HealthCheckPath ?? base.path ?? '/';
  if (!/^\/[\x21-\x7e]{0,1023}$/.test(path)) {
    throw validationError(`Health check path '${path}' must begin with a '/' character and be at most 1024 characters`);
  }
  const matcher = wish.Matcher?.HttpCode ?? base.matcher ?? '200';
  if (!/^\d{3}(?:-\d{3})?(?:,\d{3}(?:-\d{3})?)*$/.test(matcher)) {
    throw validationError(`Health check matcher HTTP code '${matcher}' must be within '200-499' inclusive`);
  }
  const codes = matcher.split(/[,-]/).map(Number);
  if (codes.every((code) => code >= 200 && code <= 499)) return { path, matcher };
  throw validationError(`Health check matcher HTTP code '${matcher}' must be within '200-499' inclusive`);
}
