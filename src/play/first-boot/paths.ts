/** Where an image keeps the tasks of its first boot. */
export const BOOT_DIRECTORY = '/usr/lib/playbake/first-boot';

/** What a host remembers of them. */
export const BOOT_STATE = '/var/lib/playbake/first-boot';
