import { type Context, ensure, module, type Outcome, type Plain, type Result, run, sh } from '../src/module/module.ts';
import { PIP_ARGS, type Pip, pipCommand, requirements, satisfied, wouldChange } from './shared/pip-steps.ts';

export default module({
  doc: 'Make sure that Python packages are installed, in the system or in a virtual environment.',
  args: PIP_ARGS,
  examples: `
- pip: { name: flask, virtualenv: /opt/app/venv }
- pip: { requirements: /opt/app/requirements.txt, virtualenv: /opt/app/venv }
- pip: { name: [ansible-lint, "yamllint>=1.30,<2"], state: latest, extra_args: --user }
`,
  streams: true,
  verify({ name, requirements: file, version, executable, virtualenv, state }) {
    if (name === undefined && file === undefined && virtualenv === undefined)
      return 'one of name, requirements or virtualenv is needed';
    if (executable !== undefined && virtualenv !== undefined) return 'executable and virtualenv exclude each other';
    if (version !== undefined && state === 'latest') return 'version is incompatible with state=latest';
    if (version !== undefined && (name ?? []).length > 1)
      return "'version' argument is ambiguous when installing multiple package distributions";
    return undefined;
  },
  plan(args, { check }) {
    const wanted = requirements(args);
    const nothing = wanted.length === 0 && args.requirements === undefined;
    return [
      args.virtualenv !== undefined &&
        ensure(sh`[ -e ${args.virtualenv}/bin/activate ]`, pipCommand.createVirtualenv(args)),
      !nothing && (check ? ensure(wouldChange(args), sh`:`) : work(args)),
    ];
  },
  result: summarize,
});

function work(args: Pip) {
  const done = args.state === 'absent' ? /Successfully uninstalled/ : /Successfully installed/;
  return run(pipCommand.run(args), {
    ...(satisfied(args) && { unless: satisfied(args)! }),
    changed: ({ stdout }) => done.test(stdout),
    result: ({ rc, stdout, stderr }) => ({ rc, stdout, stderr }),
  });
}

function summarize({ changed, failed, msg, values }: Outcome, args: Pip, _context: Context): Result {
  const { name, version, state, virtualenv, requirements: file } = args;
  const given: { [key: string]: Plain } = {
    name: name ?? null,
    version: version ?? null,
    state,
    requirements: file ?? null,
    virtualenv: virtualenv ?? null,
  };
  const { rc, ...said } = values;
  const told = { changed, ...given, cmd: pipCommand.shown(args), ...said };
  if (!failed) return told;
  return {
    ...told,
    failed,
    ...(rc !== undefined && { rc }),
    msg: explain(args, msg ?? `${said['stdout'] ?? ''}\n${said['stderr'] ?? ''}`),
  };
}

/** What pip and venv say, with what to do about the two failures that everybody meets. */
function explain({ virtualenv }: Pip, said: string): string {
  const text = said.trim();
  if (text.includes('externally-managed-environment')) {
    return `The Python of this host is managed by its package manager (PEP 668), so pip will not install into it. Give virtualenv: /path/to/venv, install the distribution's own package instead, or, to install all the same, extra_args: --break-system-packages\n\n${text}`;
  }
  if (/ensurepip is not\s+available|No module named (venv|ensurepip)/.test(text)) {
    return `The virtual environment ${virtualenv ?? ''} cannot be made, because the host lacks Python's venv: install the package python3-venv first\n\n${text}`;
  }
  return text;
}
