/** What templates read besides variables: whoever wants to know on what a result depends is told. */
export type OutsideRead =
  /** A file or directory was looked for, and read if it is there. */
  | { readonly kind: 'file'; readonly path: string }
  /** Files that match a pattern, by their names. */
  | { readonly kind: 'glob'; readonly path: string; readonly found: readonly string[] }
  | { readonly kind: 'environment'; readonly name: string; readonly value: string | undefined }
  /** A command of the lookups pipe and lines. */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly directory: string | undefined;
      readonly output: string;
    };
