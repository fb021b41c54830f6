import type { Args } from '../../src/module/module.ts';

/** What `uri` and `get_url` have in common. */
export const HTTP_ARGS = {
  url: { type: 'string', required: true, doc: 'The URL.' },
  headers: { type: 'dict', default: {}, doc: 'Request headers.' },
  force_basic_auth: {
    type: 'boolean',
    default: false,
    doc: 'Send user and password with the first request; else only when the server asks for them.',
  },
  client_cert: { type: 'path', doc: 'A client certificate on the host, in PEM form.' },
  client_key: { type: 'path', doc: 'Its key, unless it is in the same file.' },
  validate_certs: { type: 'boolean', default: true, doc: 'Whether the server’s certificate must be valid.' },
  use_proxy: { type: 'boolean', default: true, doc: 'Whether the proxy that the environment names is used.' },
  use_netrc: { type: 'boolean', default: true, doc: 'Whether ~/.netrc on the host may give user and password.' },
  http_agent: { type: 'string', default: 'ansible-httpget', doc: 'What the client calls itself.' },
  ciphers: { type: 'list', of: 'string', doc: 'TLS ciphers, by OpenSSL’s names; needs curl on the host.' },
  unsafe_writes: {
    type: 'boolean',
    default: false,
    doc: 'Write in place where a file cannot be renamed over the old one.',
  },
} as const satisfies Args;

export const HTTP_UNSUPPORTED = {
  decompress: 'no compressed answers are asked for',
  unredirected_headers: 'curl decides which headers a redirect gets: those of the user, to the same host',
  use_gssapi: 'there is no Kerberos login',
} as const;
