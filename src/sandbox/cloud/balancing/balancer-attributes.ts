import { type AttributeTable, choice, flag, lacking, text, whole } from './attribute-table.ts';
import type { BalancerType } from './balancing-records.ts';

const NO_LOGS = 'it has no S3 to write logs to.';
const NO_ZONES = 'it is one machine, without zones to shift between.';

const LOGS: AttributeTable = {
  'access_logs.s3.enabled': lacking(flag(false), NO_LOGS),
  'access_logs.s3.bucket': text(),
  'access_logs.s3.prefix': text(),
};

const BOTH: AttributeTable = {
  'deletion_protection.enabled': flag(false),
  ...LOGS,
  'ipv6.deny_all_igw_traffic': flag(false),
  'zonal_shift.config.enabled': lacking(flag(false), NO_ZONES),
};

/** What has an effect: deletion protection, both timeouts, and what becomes of X-Forwarded-For and of the Host header. */
const APPLICATION: AttributeTable = {
  ...BOTH,
  'load_balancing.cross_zone.enabled': lacking(flag(true), 'it cannot be changed on an application load balancer.'),
  'idle_timeout.timeout_seconds': whole('60', [1, 4000]),
  'client_keep_alive.seconds': whole('3600', [60, 604_800]),
  'connection_logs.s3.enabled': lacking(flag(false), NO_LOGS),
  'connection_logs.s3.bucket': text(),
  'connection_logs.s3.prefix': text(),
  'health_check_logs.s3.enabled': lacking(flag(false), NO_LOGS),
  'health_check_logs.s3.bucket': text(),
  'health_check_logs.s3.prefix': text(),
  'routing.http.desync_mitigation_mode': choice('defensive', ['monitor', 'defensive', 'strictest']),
  'routing.http.drop_invalid_header_fields.enabled': flag(false),
  'routing.http.preserve_host_header.enabled': flag(false),
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': flag(false),
  'routing.http.xff_client_port.enabled': flag(false),
  'routing.http.xff_header_processing.mode': choice('append', ['append', 'preserve', 'remove']),
  'routing.http2.enabled': flag(true),
  'waf.fail_open.enabled': flag(false),
};

const NETWORK: AttributeTable = {
  ...BOTH,
  'load_balancing.cross_zone.enabled': flag(false),
  'dns_record.client_routing_policy': choice('any_availability_zone', [
    'any_availability_zone',
    'availability_zone_affinity',
    'partial_availability_zone_affinity',
  ]),
  'secondary_ips.auto_assigned.per_subnet': lacking(whole('0', [0, 7]), 'a load balancer has one address.'),
};

export const BALANCER_ATTRIBUTES: Readonly<Record<BalancerType, AttributeTable>> = {
  application: APPLICATION,
  network: NETWORK,
};
