/** The ssh command line that Ansible users write into `ansible_ssh_common_args`, as options. */

import { Fault } from '../fault.ts';
import { splitWords } from '../shell/split-words.ts';
import { OptionsBuilder, type SshOptions } from './ssh-options.ts';

export interface SshArguments {
  readonly words: readonly string[];
  readonly options: SshOptions;
  /** `-F`: the configuration file in place of the user's and the system's. */
  readonly configFile: string | undefined;
}

/** Flags with a value, each with its keyword; those without a keyword are of no use to a connection without a terminal. */
const VALUED: { readonly [flag: string]: string } = {
  B: 'bindinterface',
  b: 'bindaddress',
  c: 'ciphers',
  D: 'dynamicforward',
  E: '',
  e: 'escapechar',
  F: '',
  I: 'pkcs11provider',
  i: 'identityfile',
  J: 'proxyjump',
  L: 'localforward',
  l: 'user',
  m: 'macs',
  O: '',
  o: '',
  p: 'port',
  Q: '',
  R: 'remoteforward',
  S: 'controlpath',
  W: '',
  w: 'tunneldevice',
};

const PLAIN: { readonly [flag: string]: readonly [keyword: string, value: string] } = {
  '4': ['addressfamily', 'inet'],
  '6': ['addressfamily', 'inet6'],
  A: ['forwardagent', 'yes'],
  a: ['forwardagent', 'no'],
  C: ['compression', 'yes'],
};

/** Throws `value-invalid` for words that are no options of ssh. */
export function parseSshArguments(line: string): SshArguments {
  const words = splitWords(line);
  const builder = new OptionsBuilder();
  let configFile: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (!/^-[A-Za-z0-9]/.test(word)) throw notAnOption(word, line);
    for (let at = 1; at < word.length; at++) {
      const flag = word[at]!;
      const keyword = VALUED[flag];
      if (keyword === undefined) {
        const plain = PLAIN[flag];
        if (plain) builder.add(...plain);
        continue;
      }
      const value = word.slice(at + 1) || words[++index];
      if (value === undefined) throw notAnOption(word, line);
      if (flag === 'o') builder.addLine(value);
      else if (flag === 'F') configFile = value;
      else if (keyword !== '') builder.add(keyword, value);
      break;
    }
  }
  return { words, options: builder.options, configFile };
}

function notAnOption(word: string, line: string): Fault {
  return new Fault('value-invalid', `"${word}" is not an option of ssh, in the ssh arguments "${line}"`, {
    hint: 'ansible_ssh_common_args and its like hold options such as -o Keyword=value, -J host, -F file',
  });
}
