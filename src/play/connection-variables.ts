/** Variables that say how a host is reached, and whom to become there: gathering facts gives none of them. */
export const CONNECTION_VARIABLES: ReadonlySet<string> = new Set(
  [
    'become become_exe become_flags become_method become_pass become_password become_user connection doas_pass',
    'doas_password host host_key_checking password port private_key_file shell_executable ssh_args ssh_common_args',
    'ssh_extra_args ssh_host ssh_host_key_checking ssh_pass ssh_password ssh_port ssh_private_key_file',
    'ssh_private_key_passphrase ssh_retries ssh_timeout ssh_user su_pass su_password sudo_pass sudo_password timeout user',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `ansible_${name}`),
);
