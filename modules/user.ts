import { module, type Result } from '../src/module/module.ts';
import { remove, USER_ARGS, userSteps } from './shared/user-steps.ts';

export default module({
  doc: 'Make sure that a user is there, as wanted, or not.',
  args: USER_ARGS,
  unsupported: {
    local: 'users are made by useradd, which makes local ones',
    login_class: 'login classes are of BSD systems',
    authorization: 'authorizations are of Solaris',
    profile: 'profiles are of Solaris',
    role: 'roles are of Solaris',
    seuser: 'SELinux users are not set',
    hidden: 'hiding users is of macOS',
    password_expire_max: 'use the command chage',
    password_expire_min: 'use the command chage',
    umask: 'set HOME_MODE or UMASK in /etc/login.defs',
  },
  examples: `
- user: { name: deploy, groups: [sudo, adm], append: true, shell: /bin/bash }
- user: { name: app, system: true, home: /srv/app, create_home: false, shell: /usr/sbin/nologin }
- user: { name: old, state: absent, remove: true }
`,
  streams: true,
  verify({ non_unique, uid, append, groups }) {
    if (non_unique && uid === undefined) return 'non_unique needs uid';
    return append && groups === undefined ? "'append' is set, but no 'groups' are specified" : undefined;
  },
  plan(args, context) {
    if (args.password !== undefined && !/^([$*!]|$)/.test(args.password)) {
      context.warn(
        "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.",
      );
    }
    return args.state === 'absent' ? remove(args) : userSteps(args);
  },
  result({ changed, failed, msg, values }, args): Result {
    const { name, state, append, move_home, create_home, groups, system, remove: removing, force } = args;
    const { made, ...found } = values;
    const told = { changed, name, state, ...found };
    if (failed) return { ...told, failed, msg: msg ?? '' };
    if (state === 'absent') return { ...told, force, remove: removing };
    return {
      ...told,
      ...(args.password !== undefined && { password: 'NOT_LOGGING_PASSWORD' }),
      ...(groups !== undefined && { groups: groups.join(',') }),
      ...(made === true ? { create_home, system } : { append, move_home }),
    };
  },
});
