import type { Command } from 'commander';

/** Terraform's options have one dash, `-auto-approve`, `-out=FILE`: as the command's own, which have two. */
export function withTwoDashes(command: Command, args: readonly string[]): readonly string[] {
  const known = new Set(command.options.map(({ long }) => long));
  const end = args.indexOf('--');
  return args.map((word, index) => {
    const [, name] = /^-([a-z][-a-z]+)(?:=|$)/.exec(word) ?? [];
    const isMeant = name !== undefined && known.has(`--${name}`) && (end < 0 || index < end);
    return isMeant ? `-${word}` : word;
  });
}
