import type { TrafficSourceIdentifier } from '@aws-sdk/client-auto-scaling';
import { invalid } from './invalid.ts';

interface Said {
  readonly TargetGroupARNs?: readonly string[] | undefined;
  readonly TrafficSources?: readonly TrafficSourceIdentifier[] | undefined;
}

/** The ARNs of target groups, each once, whichever way they are said. Throws the ApiError `ValidationError`. */
export function targetGroupsIn({ TargetGroupARNs = [], TrafficSources = [] }: Said): readonly string[] {
  const other = TrafficSources.find(({ Type = 'elbv2' }) => Type !== 'elbv2');
  if (other !== undefined) throw invalid(`The sandbox has no traffic sources of the type ${other.Type}, only elbv2.`);
  return [...new Set([...TargetGroupARNs, ...TrafficSources.flatMap(({ Identifier }) => Identifier ?? [])])];
}
