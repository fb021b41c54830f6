import { type AttributeTable, flag, lacking, text, whole } from './attribute-table.ts';
import type { GroupProtocol } from './balancing-records.ts';

/** The headers of answers that a listener of HTTP gives a value, by the attribute that names it. */
const HEADERS = [
  'strict_transport_security',
  'access_control_allow_origin',
  'access_control_allow_methods',
  'access_control_allow_headers',
  'access_control_allow_credentials',
  'access_control_expose_headers',
  'access_control_max_age',
  'content_security_policy',
  'x_content_type_options',
  'x_frame_options',
];

const WHY = 'it passes the headers of answers as they are.';

const HTTP: AttributeTable = {
  'routing.http.response.server.enabled': flag(true),
  ...Object.fromEntries(HEADERS.map((name) => [`routing.http.response.${name}.header_value`, lacking(text(), WHY)])),
};

const TCP: AttributeTable = { 'tcp.idle_timeout.seconds': whole('350', [60, 6000]) };

export const LISTENER_ATTRIBUTES: Readonly<Record<GroupProtocol, AttributeTable>> = { HTTP, TCP };
