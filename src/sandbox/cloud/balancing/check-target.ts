/** One health check of one target. */

import { request } from 'node:http';
import { connect } from 'node:net';
import type { HealthCheck, HealthReason } from './balancing-records.ts';

export interface CheckPlace {
  readonly host: string;
  readonly port: number;
  /** The load balancer's, from which the target is asked. */
  readonly localAddress: string;
}

/** What is wrong with the target; undefined when it is well. */
export function checkTarget(check: HealthCheck, place: CheckPlace): Promise<HealthReason | undefined> {
  return check.protocol === 'TCP' ? connects(check, place) : answers(check, place);
}

const FAILED: HealthReason = { code: 'Target.FailedHealthChecks', message: 'Health checks failed' };
const TIMEOUT: HealthReason = { code: 'Target.Timeout', message: 'Request timed out' };

function connects({ timeout }: HealthCheck, place: CheckPlace): Promise<HealthReason | undefined> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (finding: HealthReason | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(finding);
    };
    const timer = setTimeout(() => end(FAILED), timeout * 1000);
    socket.once('connect', () => end(undefined));
    socket.once('error', () => end(FAILED));
  });
}

function answers({ timeout, path = '/', matcher = '200' }: HealthCheck, place: CheckPlace) {
  return new Promise<HealthReason | undefined>((resolve) => {
    const headers = { Host: `${place.host}:${place.port}`, 'User-Agent': 'ELB-HealthChecker/2.0' };
    const asked = request({ ...place, path, headers, agent: false });
    const end = (finding: HealthReason | undefined) => {
      clearTimeout(timer);
      asked.destroy();
      resolve(finding);
    };
    const timer = setTimeout(() => end(TIMEOUT), timeout * 1000);
    asked.once('response', ({ statusCode = 0 }) => end(isGood(statusCode, matcher) ? undefined : mismatch(statusCode)));
    asked.on('error', () => end(FAILED));
    asked.end();
  });
}

function mismatch(status: number): HealthReason {
  return { code: 'Target.ResponseCodeMismatch', message: `Health checks failed with these codes: [${status}]` };
}

/** `matcher` is such as `200,300-399`. */
export function isGood(status: number, matcher: string): boolean {
  return matcher.split(',').some((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return status >= first && status <= last;
  });
}
