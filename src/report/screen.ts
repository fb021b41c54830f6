/** What a reporter writes on. The command line makes one of the process's streams; tests make one of two strings. */

export interface Screen {
  out(text: string): void;
  err(text: string): void;
  /** Columns of the terminal; 0 where there is none. */
  columns(): number;
  /** Rows of the terminal; 0 where there is none. */
  rows(): number;
  /** Calls back when the terminal has another size. */
  onResize(listener: () => void): void;
  /** Whether colours are wanted. */
  readonly color: boolean;
  /** Places are shown relative to it. */
  readonly directory: string;
}
