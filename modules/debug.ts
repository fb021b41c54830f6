import { type Context, Fault, module, type Result, str, type Value } from '../src/module/module.ts';

export default module({
  doc: 'Print a message or a variable.',
  args: {
    msg: { type: 'value', doc: 'What to print.' },
    var: { type: 'value', doc: 'A variable or an expression to print, without braces.' },
    verbosity: { type: 'int', default: 0, doc: 'Print only with at least so many `-v`.' },
  },
  examples: `
- debug: { msg: "{{ inventory_hostname }} is up" }
- debug: { var: ansible_facts.distribution, verbosity: 1 }
`,
  local: true,
  streams: true,
  verify({ msg, var: variable }) {
    return msg !== undefined && variable !== undefined ? "'msg' and 'var' are incompatible options" : undefined;
  },
  plan({ msg, var: variable, verbosity }, context): Result {
    if (verbosity > context.verbosity) return { skipped: true, skipped_reason: 'Verbosity threshold not met.' };
    const shown =
      variable === undefined ? { msg: msg ?? 'Hello world!' } : { [nameOf(variable)]: look(variable, context) };
    return { ...shown, _ansible_verbose_always: true };
  },
});

/** A list or dictionary is its own value and shown under its Python type. */
function nameOf(variable: Value): string {
  if (Array.isArray(variable)) return "<class 'list'>";
  return variable instanceof Map ? "<class 'dict'>" : str(variable);
}

function look(variable: Value, context: Context): Value {
  if (typeof variable !== 'string') return typeof variable === 'object' ? variable : 'VARIABLE IS NOT DEFINED!';
  try {
    return context.evaluate(variable);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'template-undefined') throw error;
    return `VARIABLE IS NOT DEFINED!${context.verbosity > 0 ? `: ${error.message}` : ''}`;
  }
}
