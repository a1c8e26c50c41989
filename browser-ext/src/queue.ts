/** One ceremony at a time: there is one card and one person. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones have settled. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
