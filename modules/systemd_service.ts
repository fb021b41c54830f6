/** Ansible's other name of `systemd`. */
export { default } from './systemd.ts';
