import { type AttributeTable, choice, flag, lacking, text, whole } from './attribute-table.ts';
import type { GroupProtocol } from './balancing-records.ts';

const DAYS = 604_800;

const BOTH: AttributeTable = {
  'deregistration_delay.timeout_seconds': whole('300', [0, 3600]),
  'stickiness.enabled': flag(false),
  'load_balancing.cross_zone.enabled': choice('use_load_balancer_configuration', [
    'true',
    'false',
    'use_load_balancer_configuration',
  ]),
  'target_group_health.dns_failover.minimum_healthy_targets.count': whole('1', [1, 1000], ['off']),
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': whole('off', [1, 100], ['off']),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': whole('1', [1, 1000]),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': whole('off', [1, 100], ['off']),
};

/** Of groups for application load balancers. All but those about zones, DNS and anomalies have an effect. */
const HTTP: AttributeTable = {
  ...BOTH,
  'stickiness.type': choice('lb_cookie', ['lb_cookie', 'app_cookie']),
  'stickiness.lb_cookie.duration_seconds': whole('86400', [1, DAYS]),
  'stickiness.app_cookie.cookie_name': text(),
  'stickiness.app_cookie.duration_seconds': whole('86400', [1, DAYS]),
  'slow_start.duration_seconds': whole('0', [30, 900], ['0']),
  'load_balancing.algorithm.type': choice('round_robin', [
    'round_robin',
    'least_outstanding_requests',
    'weighted_random',
  ]),
  'load_balancing.algorithm.anomaly_mitigation': lacking(choice('off', ['on', 'off']), 'it looks for no anomalies.'),
};

const PROXY = 'it is a proxy: targets see the address of the load balancer.';

/** Of groups for network load balancers. */
const TCP: AttributeTable = {
  ...BOTH,
  'stickiness.type': choice('source_ip', ['source_ip']),
  'deregistration_delay.connection_termination.enabled': flag(false),
  'preserve_client_ip.enabled': lacking(flag(false), PROXY),
  'proxy_protocol_v2.enabled': flag(false),
  'target_health_state.unhealthy.connection_termination.enabled': flag(true),
  'target_health_state.unhealthy.draining_interval_seconds': lacking(
    whole('0', [0, 360_000]),
    'unhealthy targets do not drain.',
  ),
};

export const GROUP_ATTRIBUTES: Readonly<Record<GroupProtocol, AttributeTable>> = { HTTP, TCP };
