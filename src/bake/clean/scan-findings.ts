/** What a scan can find, and what to do about each. */

export const FINDINGS = {
  'private-key': {
    message: 'a private key that no task put there: every instance of the image would share it',
    hint: 'remove it in the playbook, or make it at first boot',
  },
  'bake-key': {
    message: "the bake's own public key",
    hint: 'remove its line',
  },
  secret: {
    message: 'a value that no_log hides',
    hint: 'let the application read it at boot, from a secret store',
  },
  history: {
    message: 'the history of a shell or client',
    hint: 'remove it',
  },
  'machine-id': {
    message: 'the id of this very machine: every instance would have it',
    hint: 'empty the file',
  },
  'host-key': {
    message: 'an SSH host key: every instance would have it, and could pose as any other',
    hint: 'remove it; a first boot makes new ones',
  },
  'odd-name': {
    message: 'a file whose name holds a newline, which cannot be searched',
    hint: 'rename or remove it',
  },
} as const;

export type FindingKind = keyof typeof FINDINGS;

export function isFindingKind(word: string): word is FindingKind {
  return Object.hasOwn(FINDINGS, word);
}
