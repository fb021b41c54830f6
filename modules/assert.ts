import { isList, module, type Result, type Value } from '../src/module/module.ts';

export default module({
  doc: 'Fail unless conditions hold.',
  args: {
    that: { type: 'value', required: true, doc: 'A condition as in `when`, or a list of which all must hold.' },
    fail_msg: { type: 'value', alias: ['msg'], doc: 'What to say when one does not hold: text or a list of texts.' },
    success_msg: { type: 'value', doc: 'What to say when all hold.' },
    quiet: { type: 'boolean', default: false, doc: 'Say nothing more than that.' },
  },
  examples: `
- assert:
    that:
      - ansible_facts.memtotal_mb >= 512
      - port is defined
    fail_msg: a port and 512 MB are needed
`,
  local: true,
  streams: true,
  verify({ fail_msg: failure, success_msg: success }) {
    const wrong = [failure, success].some((said) => said !== undefined && !isSaid(said));
    return wrong ? 'fail_msg and success_msg are text or a list of texts' : undefined;
  },
  plan({ that, fail_msg: failure, success_msg: success, quiet }, context): Result {
    const conditions = isList(that) ? that : [that];
    const broken = conditions.find((condition) => !context.condition(condition));
    const shown = { _ansible_verbose_always: !quiet };
    if (broken === undefined) return { changed: false, msg: success ?? 'All assertions passed', ...shown };
    const msg = failure ?? 'Assertion failed';
    return { failed: true, evaluated_to: false, assertion: broken, msg, ...shown };
  },
});

function isSaid(said: Value): boolean {
  return typeof said === 'string' || (isList(said) && said.every((each) => typeof each === 'string'));
}
