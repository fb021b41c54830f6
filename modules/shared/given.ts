import { type Sh, type Steps, sh, when } from '../../src/module/module.ts';

/** Steps that may use shell variables which `assignments` set first. */
export function given(assignments: Sh, steps: Steps): Steps {
  return [when(sh`${assignments}; :`, steps)];
}
