/** East Asian and emoji characters that take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
const WITHOUT_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/gu;

/** Columns that a text without control characters takes on a terminal. */
export function width(text: string): number {
  const shown = text.replace(WITHOUT_WIDTH, '');
  return [...shown].length + (shown.match(WIDE)?.length ?? 0);
}
