import { letIn, silentHosts, watchSilence } from '../connection/silence.ts';

/**
 * At most so many at work at the same time, begun in order; hosts that do not answer are at no work. When one throws, no
 * other begins, and what is thrown is thrown when those that began have ended.
 */
export function eachLimited<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const thrown: unknown[] = [];
  let next = 0;
  let underWay = 0;
  return new Promise((resolve, reject) => {
    const goOn = () => {
      while (underWay - silentHosts() < limit) {
        if (letIn()) continue;
        if (next === items.length || thrown.length > 0) break;
        begin(next++);
      }
      if (underWay > 0) return;
      stop();
      if (thrown.length > 0) reject(thrown[0]);
      else resolve(results);
    };
    const begin = (index: number) => {
      underWay++;
      void work(items[index]!)
        .then(
          (result) => {
            results[index] = result;
          },
          (error: unknown) => thrown.push(error),
        )
        .then(() => {
          underWay--;
          goOn();
        });
    };
    const stop = watchSilence(goOn);
    goOn();
  });
}
