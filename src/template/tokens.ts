/** Tokens of a template, and the delimiters and whitespace rules that make them. */

export type Token = { readonly position: number } & (
  | { readonly type: 'data' | 'name' | 'string' | 'operator'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'block-begin' | 'block-end' | 'variable-begin' | 'variable-end' | 'end' }
);

export type TokenType = Token['type'];

export interface Syntax {
  readonly block: readonly [string, string];
  readonly variable: readonly [string, string];
  readonly comment: readonly [string, string];
  /** The first newline after a block is dropped. */
  readonly trimBlocks: boolean;
  /** Blanks before a block that begins its line are dropped. */
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly newlineSequence: string;
  /** Backslashes in string literals of `{{ }}` stand for themselves, as Ansible has it in playbooks. */
  readonly verbatimStrings: boolean;
}

/** The rules of playbook strings. */
export const SYNTAX: Syntax = {
  block: ['{%', '%}'],
  variable: ['{{', '}}'],
  comment: ['{#', '#}'],
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: '\n',
  verbatimStrings: true,
};

/** A token as messages name it. */
export function describeToken(token: Token): string {
  switch (token.type) {
    case 'end':
      return 'end of template';
    case 'variable-end':
      return 'end of print statement';
    case 'block-end':
      return 'end of statement block';
    case 'name':
    case 'operator':
      return token.value;
    default:
      return token.type;
  }
}
