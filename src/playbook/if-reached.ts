/** The message of a warning: what is wrong, and that it only matters when its task is reached. */
export function ifReached(message: string): string {
  if (message.includes('\n')) return `${message}\nThe task fails if it is reached`;
  return `${message.replace(/\.$/, '')}: the task fails if it is reached`;
}
