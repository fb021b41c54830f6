/** The services that the sandbox speaks. Shapes of requests and answers are those that the SDK publishes beside its clients. */

import { createRequire } from 'node:module';
import type { NormalizedSchema } from '@smithy/core/schema';

/** How a service writes query parameters and answers: EC2 has a protocol of its own, the others share one. */
export type Protocol = 'ec2' | 'query';

export interface Service {
  /** The name in the credential scope of a signature. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly namespace: string;
  /** The package whose exports `Name$` are the operations. */
  readonly package: string;
}

const SERVICES: readonly Service[] = [
  {
    name: 'ec2',
    protocol: 'ec2',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    package: '@aws-sdk/client-ec2',
  },
  {
    name: 'sts',
    protocol: 'query',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    package: '@aws-sdk/client-sts',
  },
  {
    name: 'iam',
    protocol: 'query',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    package: '@aws-sdk/client-iam',
  },
  {
    name: 'elasticloadbalancing',
    protocol: 'query',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    package: '@aws-sdk/client-elastic-load-balancing-v2',
  },
  {
    name: 'autoscaling',
    protocol: 'query',
    namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    package: '@aws-sdk/client-auto-scaling',
  },
];

export function serviceNamed(name: string): Service | undefined {
  return SERVICES.find((service) => service.name === name);
}

/** A shape as the SDK publishes it. */
export type Shape = Parameters<typeof NormalizedSchema.of>[0];

export interface OperationShapes {
  readonly input: Shape;
  readonly output: Shape;
}

const require = createRequire(import.meta.url);

/** The shapes of `action`, or undefined when the service has no such action. */
export function shapesOf(service: Service, action: string): OperationShapes | undefined {
  const exported: Readonly<Record<string, unknown>> = require(service.package);
  const operation = Object.hasOwn(exported, `${action}$`) ? exported[`${action}$`] : undefined;
  return isOperation(operation) ? { input: operation[4], output: operation[5] } : undefined;
}

/** See the static schemas of @smithy/types: 9, namespace, name, traits, input, output. */
type Operation = readonly [9, string, string, unknown, Shape, Shape];

function isOperation(value: unknown): value is Operation {
  return Array.isArray(value) && value[0] === 9 && value.length === 6;
}
