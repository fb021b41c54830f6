/** The rules of listeners of application load balancers. */

import type {
  CreateRuleInput,
  CreateRuleOutput,
  DeleteRuleInput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
  Rule,
  SetRulePrioritiesInput,
  SetRulePrioritiesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import type { Region } from '../../region.ts';
import { defaultRuleArn, newRuleArn } from '../arns.ts';
import type { ListenerRecord, ListenerRuleRecord, LoadBalancerRecord } from '../balancing-records.ts';
import { withTags } from '../balancing-tags.ts';
import { findListener, findLoadBalancer, findRule } from '../find-balancing.ts';
import { page } from '../pages.ts';
import { actionsOf, shownAction } from '../rule-actions.ts';
import { conditionsOf, shownCondition } from '../rule-conditions.ts';
import { between, validationError } from '../validation-error.ts';

const create: Action<CreateRuleInput, CreateRuleOutput> = (input, { region, now }) => {
  only(input, ['ListenerArn', 'Conditions', 'Priority', 'Actions', 'Tags']);
  const listener = findListener(region, input.ListenerArn);
  const balancer = withRules(region, listener);
  const priority = priorityOf(input.Priority);
  const conditions = conditionsOf(input.Conditions);
  const actions = actionsOf(input.Actions, region, balancer);
  const twin = rulesOf(region, listener.id).find((rule) => rule.priority === priority);
  if (twin !== undefined) {
    const isSame = JSON.stringify([twin.conditions, twin.actions]) === JSON.stringify([conditions, actions]);
    if (isSame) return { Rules: [shown(twin)] };
    throw inUse(priority);
  }
  const rule: ListenerRuleRecord = {
    id: newRuleArn(listener.id),
    tags: withTags({}, input.Tags),
    createdAt: now,
    listener: listener.id,
    priority,
    conditions,
    actions,
  };
  region.put('listenerRules', rule);
  return { Rules: [shown(rule)] };
};

function withRules(region: Region, { balancer }: ListenerRecord): LoadBalancerRecord {
  const found = findLoadBalancer(region, balancer);
  if (found.type === 'application') return found;
  throw new ApiError('InvalidConfigurationRequest', 'Rules are not supported by listeners of network load balancers');
}

function priorityOf(priority: number | undefined): number {
  return between(priority ?? 0, 'Rule priority', [1, 50_000]);
}

function inUse(priority: number): ApiError {
  return new ApiError('PriorityInUse', `Priority '${priority}' is currently in use`);
}

function rulesOf(region: Region, listener: string): readonly ListenerRuleRecord[] {
  return Object.values(region.state.listenerRules).filter((rule) => rule.listener === listener);
}

const describe: Action<DescribeRulesInput, DescribeRulesOutput> = (input, { region }) => {
  const { ListenerArn, RuleArns: arns = [] } = input;
  if (ListenerArn !== undefined && arns.length > 0) {
    throw validationError('Listener rule ARNs and a listener ARN cannot be specified at the same time');
  }
  if (ListenerArn === undefined && arns.length === 0) {
    throw validationError('You must specify either listener rule ARNs or a listener ARN');
  }
  const all =
    ListenerArn === undefined
      ? arns.map((arn) => defaultRule(region, arn) ?? shown(findRule(region, arn)))
      : shownRules(region, findListener(region, ListenerArn));
  const { items, next } = page(all, input);
  return { Rules: items, NextMarker: next };
};

/** In the order in which they are tried. */
function shownRules(region: Region, listener: ListenerRecord): readonly Rule[] {
  const rules = region.all('listenerRules').filter((rule) => rule.listener === listener.id);
  return [...[...rules].sort((a, b) => a.priority - b.priority).map(shown), shownDefault(listener)];
}

function defaultRule(region: Region, arn: string): Rule | undefined {
  const listener = region.all('listeners').find(({ id }) => defaultRuleArn(id) === arn);
  return listener === undefined ? undefined : shownDefault(listener);
}

const modify: Action<ModifyRuleInput, ModifyRuleOutput> = (input, { region }) => {
  only(input, ['RuleArn', 'Conditions', 'Actions']);
  const before = changeable(region, input.RuleArn, 'modified');
  const { Conditions, Actions: wanted } = input;
  if (Conditions === undefined && wanted === undefined) {
    throw validationError('Either conditions or actions must be specified');
  }
  const balancer = findLoadBalancer(region, findListener(region, before.listener).balancer);
  const conditions = Conditions === undefined ? before.conditions : conditionsOf(Conditions);
  const actions = wanted === undefined ? before.actions : actionsOf(wanted, region, balancer);
  region.change('listenerRules', before.id, (rule) => ({ ...rule, conditions, actions }));
  return { Rules: [shown({ ...before, conditions, actions })] };
};

function changeable(region: Region, arn: string | undefined, done: string): ListenerRuleRecord {
  if (defaultRule(region, arn ?? '') === undefined) return findRule(region, arn);
  throw new ApiError('OperationNotPermitted', `Default rule '${arn}' cannot be ${done}`);
}

const setPriorities: Action<SetRulePrioritiesInput, SetRulePrioritiesOutput> = (
  { RulePriorities = [] },
  { region },
) => {
  const wishes = RulePriorities.map(({ RuleArn, Priority }) => {
    return { rule: changeable(region, RuleArn, 'modified'), priority: priorityOf(Priority) };
  });
  const moved = new Set(wishes.map(({ rule }) => rule.id));
  for (const { rule, priority } of wishes) {
    const others = rulesOf(region, rule.listener).filter(({ id }) => !moved.has(id));
    if (others.some((other) => other.priority === priority)) throw inUse(priority);
    const same = wishes.filter((wish) => wish.rule.listener === rule.listener && wish.priority === priority);
    if (same.length > 1) throw validationError(`Priority '${priority}' was provided multiple times`);
  }
  for (const { rule, priority } of wishes) {
    region.change('listenerRules', rule.id, (record) => ({ ...record, priority }));
  }
  return { Rules: wishes.map(({ rule, priority }) => shown({ ...rule, priority })) };
};

const remove: Action<DeleteRuleInput, object> = ({ RuleArn }, { region }) => {
  region.remove('listenerRules', changeable(region, RuleArn, 'deleted').id);
  return {};
};

function shown({ id, priority, conditions, actions }: ListenerRuleRecord): Rule {
  return {
    RuleArn: id,
    Priority: String(priority),
    Conditions: conditions.map(shownCondition),
    Actions: actions.map(shownAction),
    IsDefault: false,
  };
}

function shownDefault({ id, actions }: ListenerRecord): Rule {
  return {
    RuleArn: defaultRuleArn(id),
    Priority: 'default',
    Conditions: [],
    Actions: actions.map(shownAction),
    IsDefault: true,
  };
}

export const RULE_ACTIONS: Actions = {
  CreateRule: create,
  DescribeRules: describe,
  ModifyRule: modify,
  SetRulePriorities: setPriorities,
  DeleteRule: remove,
};
