/**
 * A symbolic mode as shell arithmetic. The systems' own `chmod` differ in what `X` and copied permissions look at;
 * Ansible's look at what the path has before anything is changed (`_symbolic_mode_to_octal` in module_utils/basic.py).
 */

import { type Sh, script } from '../../src/module/module.ts';

const WHO = { u: { shift: 6, special: 0o4000 }, g: { shift: 3, special: 0o2000 }, o: { shift: 0, special: 0o1000 } };

/** Shell that sets `n` to the new mode, from `m` (the mode as a number) and `k` (1 for a directory, else 0). */
export function newMode(mode: string): Sh {
  const steps = mode.split(',').flatMap((clause) => {
    const [, users = '', operations = ''] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
    const who = users === '' || users.includes('a') ? 'ugo' : users;
    return [...operations.matchAll(/([-+=])([rwxXstugo]*)/g)].flatMap(([, operator = '', permissions = '']) =>
      [...who].filter(isUser).map((user) => operation(user, operator, permissions, users === '')),
    );
  });
  return script(['n=$m', 'x=$(( k || (m & 73) ))', 'z=$(( ~0$(umask) ))', ...steps].join('; '));
}

function isUser(user: string): user is keyof typeof WHO {
  return user in WHO;
}

function operation(user: keyof typeof WHO, operator: string, permissions: string, masked: boolean): string {
  const bits = ['0', ...[...permissions].map((each) => permission(user, each, masked))].join(' | ');
  const { shift, special } = WHO[user];
  if (operator === '=') return `n=$(( (n & ~${(7 << shift) | special}) | ${bits} ))`;
  return operator === '+' ? `n=$(( n | ${bits} ))` : `n=$(( n & ~(${bits}) ))`;
}

/** Without users the umask holds back what it names. */
function permission(user: keyof typeof WHO, each: string, masked: boolean): string {
  const { shift, special } = WHO[user];
  const plain = { r: 4, w: 2, x: 1 }[each];
  if (plain !== undefined) return masked ? `(z & ${plain << shift})` : `${plain << shift}`;
  if (each === 'X') return `(x ? ${1 << shift} : 0)`;
  if (each === 's') return user === 'o' ? '0' : `${special}`;
  if (each === 't') return user === 'o' ? `${special}` : '0';
  return isUser(each) ? `(((m >> ${WHO[each].shift}) & 7) << ${shift})` : '0';
}
