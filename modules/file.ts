import {
  type Args,
  type Context,
  ensure,
  fail,
  module,
  type Outcome,
  type Result,
  read,
  type Sh,
  type Step,
  type Steps,
  script,
  sh,
  type Typed,
  when,
} from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, type Attributes, attributes, NO_LABELS, pathFacts } from './shared/attributes.ts';
import { behindLink, hardLink, symbolicLink } from './shared/links.ts';
import { makeDirectory } from './shared/make-directory.ts';
import { recurse } from './shared/recurse.ts';
import { isTime, timestamps } from './shared/timestamps.ts';

const args = {
  path: { type: 'path', required: true, alias: ['dest', 'name'], doc: 'The path to manage.' },
  state: {
    type: 'enum',
    of: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
    doc: 'What is to be there; default: what is there, or `directory` with `recurse`.',
  },
  src: { type: 'path', doc: 'Where a link leads; from the link’s own directory when it is relative.' },
  recurse: { type: 'boolean', default: false, doc: 'Set owner, group and mode of everything in the directory too.' },
  force: { type: 'boolean', default: false, doc: 'Make a link to what is not there, or in place of a file.' },
  follow: { type: 'boolean', default: true, doc: 'Where the path is a symbolic link, manage what it leads to.' },
  ...ATTRIBUTE_ARGS,
  modification_time: { type: 'string', doc: '`preserve`, `now`, or YYYYMMDDhhmm.SS in the host’s time zone.' },
  access_time: { type: 'string', doc: '`preserve`, `now`, or YYYYMMDDhhmm.SS in the host’s time zone.' },
} as const satisfies Args;

type FileArgs = Typed<typeof args>;

/** The path that is managed: `$p`. */
const P = script('"$p"');
const FOLLOWED = script('if [ -L "$p" ]; then q=$(readlink -f -- "$p") && p=$q; fi');
const THERE = script('{ [ -e "$p" ] || [ -L "$p" ]; }');

export default module({
  doc: 'Make a path a file, a directory or a link, with its owner, group and mode; or remove it.',
  args,
  unsupported: {
    ...NO_LABELS,
    unsafe_writes: 'nothing is written in place',
    modification_time_format: 'times are written as YYYYMMDDhhmm.SS',
    access_time_format: 'times are written as YYYYMMDDhhmm.SS',
  },
  examples: `
- file: { path: /srv/app, state: directory, owner: www-data, mode: "0755" }
- file: { src: /srv/app/current.conf, dest: /etc/app.conf, state: link }
- file: { path: /tmp/old, state: absent }
`,
  streams: true,
  verify({ state, src, recurse: deep, access_time: access, modification_time: modification }) {
    if (deep && state && state !== 'directory') return "recurse option requires state to be 'directory'";
    if (src !== undefined && state && state !== 'link' && state !== 'hard') {
      return "src option requires state to be 'link' or 'hard'";
    }
    if (src === undefined && state === 'hard') return 'src is required for creating new hardlinks';
    const time = [access, modification].find((one) => one !== undefined && !isTime(one));
    return time === undefined ? undefined : `${time} is no time: write preserve, now or YYYYMMDDhhmm.SS`;
  },
  plan(given) {
    const path = clean(given.path);
    return [when(sh`p=${path}; :`, stepsFor({ ...given, path }))];
  },
  result,
});

/** Without doubled and trailing slashes. */
function clean(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

function stepsFor(given: FileArgs): Steps {
  switch (given.state ?? (given.recurse ? 'directory' : given.src === undefined ? undefined : 'link')) {
    case 'absent':
      return [ensure(sh`! ${THERE}`, given.path === '/' ? fail('/ is not removed') : sh`rm -rf -- ${P}`)];
    case 'directory':
      return directory(given);
    case 'link':
      return link(given);
    case 'hard':
      return hard(given);
    case 'touch':
      return touch(given);
    default:
      return existing(given);
  }
}

function attrs({ owner, group, mode }: FileArgs): Attributes {
  return { owner, group, mode };
}

function times(given: FileArgs, otherwise: 'now' | 'preserve'): Steps {
  const { access_time: access = otherwise, modification_time: modification = otherwise } = given;
  return timestamps(P, { access, modification });
}

function followed({ follow }: FileArgs): Steps {
  return follow ? [when(sh`${FOLLOWED}; :`, [])] : [];
}

/** `file`, or no state: whatever is there. */
function existing(given: FileArgs): Steps {
  const not = (kind: string) => fail(`file (${given.path}) is ${kind}, cannot continue`);
  return [
    ...followed(given),
    ensure(THERE, not('absent')),
    given.state === 'file' && refuse(sh`[ ! -L ${P} ] && [ -d ${P} ]`, not('directory')),
    given.state === 'file' && refuse(sh`[ -L ${P} ]`, not('link')),
    ...attributes(P, attrs(given)),
    ...times(given, 'preserve'),
    pathFacts(P, 'path'),
  ];
}

/** Fails where `is` holds; the result tells what is there. */
function refuse(is: Sh, because: Sh): Step {
  return when(is, [pathFacts(P, 'path'), ensure(sh`false`, because)]);
}

function directory(given: FileArgs): Steps {
  const there = (kind: string) => fail(`${given.path} already exists as a ${kind}`);
  return [
    ...followed(given),
    refuse(sh`[ -L ${P} ]`, there('link')),
    refuse(sh`[ ! -d ${P} ] && [ -e ${P} ]`, there('file')),
    ensure(sh`[ -d ${P} ]`, makeDirectory(P, attrs(given))),
    when(sh`[ -d ${P} ]`, [
      ...attributes(P, attrs(given)),
      ...times(given, 'preserve'),
      ...(given.recurse ? recurse(P, attrs(given), given.follow) : []),
    ]),
    pathFacts(P, 'path'),
  ];
}

function link(given: FileArgs): Steps {
  const { path, src, force, follow } = given;
  const where = [
    src === undefined
      ? ensure(sh`[ -L ${P} ]`, fail('src is required for creating new symlinks'))
      : when(sh`:`, symbolicLink({ path, src, force })),
  ];
  const target = follow ? script('"$q"') : P;
  return [
    ...where,
    ...behindLink(follow, attributes(target, attrs(given))),
    read(src === undefined ? sh`readlink -- ${P} || :` : sh`:`, ({ stdout }) => ({ src: src ?? stdout.trim() })),
    pathFacts(P, 'dest'),
  ];
}

function hard(given: FileArgs): Steps {
  const { src = '', force } = given;
  const name = src.replace(/^.*\//, '');
  return [
    when(sh`if [ -d ${P} ]; then p=$p/${name}; fi; :`, hardLink({ src, force })),
    when(sh`[ -e ${P} ]`, attributes(P, attrs(given))),
    read(sh`:`, () => ({ src })),
    pathFacts(P, 'dest'),
  ];
}

function touch(given: FileArgs): Steps {
  return [
    ...followed(given),
    ensure(THERE, sh`: >${P}`),
    when(THERE, [...attributes(P, attrs(given)), ...times(given, 'now')]),
    pathFacts(P, 'dest'),
  ];
}

function result(outcome: Outcome, { path, state }: FileArgs, _: Context): Result {
  const { changed, failed, msg = 'the task failed', values } = outcome;
  if (failed) {
    const found = / is (absent|directory|link), cannot continue$/.exec(msg)?.[1];
    const is = values['state'] === 'hard' ? msg.replace(/ as a file$/, ' as a hard') : msg;
    return { changed: false, failed, path, ...(found !== undefined && { state: found }), ...values, msg: is };
  }
  return { changed, ...values, ...(state === 'absent' && { path, state }) };
}
