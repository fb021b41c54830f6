/**
 * At most so many at work at the same time, in order. When one throws, no other begins, and what is thrown is thrown
 * when those that began have ended.
 */
export async function eachLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const thrown: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && thrown.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]!);
      } catch (error) {
        thrown.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (thrown.length > 0) throw thrown[0];
  return results;
}
