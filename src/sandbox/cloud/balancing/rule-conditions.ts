/** When a rule applies: as calls say it, and as the state keeps it. */

import type { RuleCondition as Said } from '@aws-sdk/client-elastic-load-balancing-v2';
import { parseCidr } from '../cidr.ts';
import { only } from '../only.ts';
import type { QueryPair, RuleCondition } from './balancing-records.ts';
import { validationError } from './validation-error.ts';

const FIELDS = ['path-pattern', 'host-header', 'http-header', 'http-request-method', 'query-string', 'source-ip'];
/** Of values in all conditions of a rule. */
const MOST = 5;

/** Throws ApiErrors. */
export function conditionsOf(conditions: readonly Said[] = []): readonly RuleCondition[] {
  if (conditions.length === 0) throw validationError('At least one condition must be specified');
  const made = conditions.map(conditionOf);
  const count = made.reduce((sum, one) => sum + ('pairs' in one ? one.pairs : one.values).length, 0);
  if (count > MOST) throw validationError(`A rule can only have '${MOST}' condition values`);
  return made;
}

function conditionOf(said: Said): RuleCondition {
  only(said, [
    ...['Field', 'Values', 'HostHeaderConfig', 'PathPatternConfig', 'HttpHeaderConfig', 'QueryStringConfig'],
    ...['HttpRequestMethodConfig', 'SourceIpConfig'],
  ]);
  const field = said.Field;
  if (field === 'host-header') {
    return { field, values: texts(field, withoutRegex(said.HostHeaderConfig)?.Values ?? said.Values) };
  }
  if (field === 'path-pattern') {
    return { field, values: texts(field, withoutRegex(said.PathPatternConfig)?.Values ?? said.Values) };
  }
  if (field === 'http-request-method') {
    const values = texts(field, said.HttpRequestMethodConfig?.Values);
    const wrong = values.find((value) => !/^[A-Z_-]{1,40}$/.test(value));
    if (wrong === undefined) return { field, values };
    throw validationError(
      `The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore`,
    );
  }
  if (field === 'source-ip') {
    const values = texts(field, said.SourceIpConfig?.Values);
    const wrong = values.find((value) => parseCidr(value) === undefined);
    if (wrong === undefined) return { field, values };
    throw validationError(`The 'source-ip' value '${wrong}' is not a valid IPv4 network in CIDR form`);
  }
  if (field === 'http-header') {
    const { HttpHeaderName: header = '', Values } = withoutRegex(said.HttpHeaderConfig) ?? {};
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(header)) {
      throw validationError(`The 'HttpHeaderName' value '${header}' is not valid`);
    }
    if (header.toLowerCase() === 'host') throw validationError(`Use 'host-header' for conditions on the host`);
    return { field, header, values: texts(field, Values) };
  }
  if (field === 'query-string') return { field, pairs: pairsOf(said) };
  throw validationError(`Condition field '${field ?? ''}' must be one of '[${FIELDS.join(',')}]'`);
}

function withoutRegex<T extends object>(config: T | undefined): T | undefined {
  if (config !== undefined) only(config, ['Values', 'HttpHeaderName']);
  return config;
}

function texts(field: string, values: readonly string[] = []): readonly string[] {
  if (values.length === 0) throw validationError(`A '${field}' value must be specified`);
  const long = values.find((value) => value.length > 128 || value === '');
  if (long !== undefined) throw validationError(`The '${field}' value is too long or empty; the limit is '128'`);
  return values;
}

function pairsOf({ QueryStringConfig }: Said): readonly QueryPair[] {
  const pairs = QueryStringConfig?.Values ?? [];
  if (pairs.length === 0) throw validationError(`A 'query-string' value must be specified`);
  return pairs.map(({ Key, Value }) => {
    if (Value === undefined || Value === '') {
      throw validationError(`A 'Value' must be specified in 'QueryStringKeyValuePair'`);
    }
    if (Value.length > 128 || (Key ?? '').length > 128) {
      throw validationError(`The 'query-string' value is too long; the limit is '128'`);
    }
    return Key === undefined || Key === '' ? { value: Value } : { key: Key, value: Value };
  });
}

export function shownCondition(condition: RuleCondition): Said {
  const { field: Field } = condition;
  if (condition.field === 'query-string') {
    const Values = condition.pairs.map(({ key, value }) => ({
      ...(key === undefined ? {} : { Key: key }),
      Value: value,
    }));
    return { Field, QueryStringConfig: { Values } };
  }
  const Values = [...condition.values];
  if (condition.field === 'http-header')
    return { Field, HttpHeaderConfig: { HttpHeaderName: condition.header, Values } };
  if (condition.field === 'host-header') return { Field, Values, HostHeaderConfig: { Values } };
  if (condition.field === 'path-pattern') return { Field, Values, PathPatternConfig: { Values } };
  if (condition.field === 'source-ip') return { Field, SourceIpConfig: { Values } };
  return { Field, HttpRequestMethodConfig: { Values } };
}
