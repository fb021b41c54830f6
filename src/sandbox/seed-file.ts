/** A file that is put into a machine's root file system. `path` is absolute; `mode` defaults to 0644. */
export interface SeedFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
}
