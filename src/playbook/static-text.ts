/** Names that are needed before any host is known: of files and roles that are imported. */

import { Fault, type Where } from '../fault.ts';
import { isTemplate, layer, Scope, Templar } from '../template/templar.ts';
import type { Dict, Value } from '../value/value.ts';
import type { TaskContext } from './loader.ts';

/**
 * The text with its templates filled in, from extra variables, the role's, the import's own and the play's.
 * Throws the Fault of a template that fails.
 */
export function staticText(text: string, where: Where, vars: Dict, context: TaskContext): string {
  if (!isTemplate(text)) return text;
  const { role, extraVars } = context;
  const dicts = [
    extraVars,
    ...(role ? [role.params] : []),
    vars,
    ...(role ? [role.vars] : []),
    ...(context.vars?.() ?? []),
    ...(role ? [role.defaults] : []),
    magic(context),
  ];
  const templar = new Templar();
  const scope = new Scope(
    templar,
    dicts.map((one) => layer(one)),
  );
  try {
    return String(templar.render(text, scope, where));
  } catch (error) {
    throw error instanceof Fault && error.code === 'template-undefined' ? explained(error) : error;
  }
}

function explained(fault: Fault): Fault {
  return new Fault(fault.code, `${fault.message}, in the name of an import`, {
    where: fault.where,
    hint: 'names of imports see variables of the play, vars_files and -e; use include_tasks or include_role for facts and inventory variables',
    cause: fault,
  });
}

function magic({ playbookDirectory, role }: TaskContext): Dict {
  const values = new Map<Value, Value>([['playbook_dir', playbookDirectory]]);
  if (role) values.set('role_path', role.path).set('role_name', role.name);
  return values;
}
