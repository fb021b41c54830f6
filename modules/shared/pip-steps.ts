/** The shell of the module pip: which pip, what it is told, and whether there is anything to do. */

import { type Args, type Sh, script, sh, type Typed } from '../../src/module/module.ts';
import { splitWords } from './split-words.ts';

export const PIP_ARGS = {
  name: { type: 'list', doc: 'Packages, with versions and extras as pip takes them; or URLs.' },
  version: { type: 'string', doc: 'The version of the one package.' },
  requirements: { type: 'path', doc: 'A requirements file on the host.' },
  virtualenv: { type: 'path', doc: 'The virtual environment to install into; made where it is not there.' },
  virtualenv_command: {
    type: 'path',
    default: 'virtualenv',
    doc: 'What makes it. Where virtualenv is not installed, `python3 -m venv` is used instead.',
  },
  virtualenv_python: { type: 'string', doc: 'The Python of the virtual environment, with virtualenv.' },
  virtualenv_site_packages: { type: 'boolean', default: false, doc: 'It sees the packages of the system too.' },
  state: {
    type: 'enum',
    of: ['present', 'absent', 'latest', 'forcereinstall'],
    default: 'present',
    doc: 'Whether the packages are to be there.',
  },
  extra_args: { type: 'string', doc: 'More arguments for pip.' },
  editable: { type: 'boolean', default: false, doc: 'Install in editable mode.' },
  chdir: { type: 'path', doc: 'The directory to run pip in.' },
  executable: { type: 'path', doc: 'Which pip: a name or a path, such as pip3.11.' },
  umask: { type: 'string', doc: 'The umask for pip, such as "0022".' },
} as const satisfies Args;

export type Pip = Typed<typeof PIP_ARGS>;

/** The packages, with those put together again that a comma in a version split: `a>=1`, `<2`. */
export function requirements({ name, version }: Pip): readonly string[] {
  const joined: string[] = [];
  for (const item of name ?? []) {
    if (/^\s*[<>=!~]/.test(item) && joined.length > 0) joined[joined.length - 1] += `,${item.trim()}`;
    else if (item.trim() !== '') joined.push(item.trim());
  }
  if (version === undefined) return joined;
  const wanted = /^\s*\d/.test(version) ? `==${version.trim()}` : version.trim();
  return joined.map((one) => one + wanted);
}

/** `p` runs pip with its arguments; fails where there is none. */
function defineP({ virtualenv, executable }: Pip): Sh {
  if (virtualenv !== undefined) {
    return sh`p() { if [ -x ${virtualenv}/bin/pip ]; then ${virtualenv}/bin/pip "$@"; else ${virtualenv}/bin/python -m pip "$@"; fi; }`;
  }
  if (executable !== undefined) {
    return sh`p() { command -v ${executable} >/dev/null || { printf '%s\n' ${`Unable to find ${executable} to use. pip needs to be installed.`} >&2; return 1; }; ${executable} "$@"; }`;
  }
  return script(`p() {
  if command -v pip3 >/dev/null; then pip3 "$@"; elif command -v pip >/dev/null; then pip "$@"
  elif python3 -m pip --version >/dev/null 2>&1; then python3 -m pip "$@"
  else echo 'Unable to find any of pip3, pip to use. pip needs to be installed: the package is python3-pip' >&2; return 1; fi
}`);
}

function words(args: Pip): readonly string[] {
  const { state, editable, extra_args, requirements: file } = args;
  const extra = splitWords(extra_args ?? '') ?? [];
  const verb = {
    present: ['install'],
    latest: ['install', '-U'],
    forcereinstall: ['install', '-U', '--force-reinstall'],
    absent: ['uninstall', '-y'],
  }[state];
  const packages = requirements(args).flatMap((one) => (editable && state !== 'absent' ? ['-e', one] : [one]));
  return [...verb, ...extra, ...packages, ...(file === undefined ? [] : ['-r', file])];
}

function around({ chdir, umask }: Pip): Sh {
  return sh`${umask === undefined ? sh`` : sh`umask ${umask}; `}${chdir === undefined ? sh`` : sh`cd -- ${chdir} || return 1; `}`;
}

/** In a subshell of its own: neither its directory nor its umask go on to later steps. */
function within(args: Pip, ...more: readonly string[]): Sh {
  return sh`( ${defineP(args)}; f() { ${around(args)}p --disable-pip-version-check ${[...words(args), ...more]}; }; f )`;
}

function createVirtualenv({
  virtualenv = '',
  virtualenv_command: command,
  virtualenv_python: python,
  virtualenv_site_packages: site,
  chdir,
}: Pip): Sh {
  const [program = 'virtualenv', ...rest] = splitWords(command) ?? [command];
  const seen = site ? ['--system-site-packages'] : [];
  const own = python === undefined ? [] : [`-p${python}`];
  const isVenv = rest.includes('venv') || program.endsWith('pyvenv');
  const move = chdir === undefined ? sh`` : sh`cd -- ${chdir} && `;
  if (isVenv)
    return sh`( ${move}${[program, ...rest]} ${seen} ${virtualenv} 2>&1 || { rm -f -- ${virtualenv}/bin/activate; exit 1; } )`;
  return sh`( ${move}if command -v ${program} >/dev/null; then ${[program, ...rest]} ${own} ${seen} ${virtualenv}
    elif [ ${program} = virtualenv ]; then ${python ?? 'python3'} -m venv ${seen} ${virtualenv} 2>&1 || { rm -f -- ${virtualenv}/bin/activate; exit 1; }
    else printf '%s\n' ${`${program} is not installed on the host`} >&2; exit 1; fi )`;
}

export const pipCommand = {
  createVirtualenv,
  run: (args: Pip): Sh => within(args),
  /** What is run, for the result. */
  shown: (args: Pip): readonly string[] => [
    args.virtualenv === undefined ? (args.executable ?? 'pip3') : `${args.virtualenv}/bin/pip`,
    ...words(args),
  ],
};

const PLAIN = /^([A-Za-z0-9][\w.-]*)(?:==([\w.!+-]+))?$/;

/** Looks the installed packages up without starting pip. Arguments: `name` or `name==version`; true when each is there. */
const INSTALLED = `import re, sys
from importlib import metadata
have = {re.sub(r"[-_.]+", "-", d.metadata["Name"] or "").lower(): d.version for d in metadata.distributions()}
for want in sys.argv[2:]:
    name, _, version = want.partition("==")
    found = have.get(re.sub(r"[-_.]+", "-", name).lower())
    if sys.argv[1] == "absent":
        if found is not None: sys.exit(1)
    elif found is None or (version and found != version): sys.exit(1)`;

/** Whether nothing is to be done, where that is plain to see: names, or names with one version, present or absent. */
export function satisfied(args: Pip): Sh | undefined {
  const { state, requirements: file, executable, editable, virtualenv } = args;
  const wanted = requirements(args);
  if ((state !== 'present' && state !== 'absent') || file !== undefined || executable !== undefined || editable)
    return undefined;
  if (wanted.length === 0 || !wanted.every((one) => PLAIN.test(one))) return undefined;
  const python = virtualenv === undefined ? 'python3' : `${virtualenv}/bin/python`;
  return sh`${python} -c ${INSTALLED} ${state} ${wanted}`;
}

/** For check mode: true when nothing would change. */
export function wouldChange(args: Pip): Sh {
  const quick = satisfied(args);
  if (quick) return quick;
  if (args.state === 'forcereinstall' || args.state === 'absent') return sh`false`;
  return sh`o=$( ${within(args, '--dry-run')} ) && case $o in *'Would install'*) false;; esac`;
}
