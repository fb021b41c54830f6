/** Shorter texts are found in half of all files. */
const SHORTEST = 6;

/**
 * What to search files for, line by line, to find a secret: its longest line, because grep takes each line of what it is
 * given as a text of its own. Undefined where that is too short to mean anything. Lines that say what a file is, such as
 * `-----BEGIN PRIVATE KEY-----`, are no secret.
 */
export function secretNeedle(secret: string): string | undefined {
  const lines = secret.split(/[\r\n\0]+/).map((line) => line.trim());
  const telling = lines.filter((line) => !/^-{4,}.*-{4,}$/.test(line));
  const longest = telling.reduce((best, line) => (line.length > best.length ? line : best), '');
  return longest.length < SHORTEST ? undefined : longest;
}
