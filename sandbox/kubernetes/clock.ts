type Task = { at: number; order: number; run: () => void };

/**
 * The cluster's time and its timers. While the cluster is being seeded the time is made up: it starts in the
 * past, and waiting means jumping to the next task. Afterwards it is the machine's.
 */
export class Clock {
  #virtual: number | undefined;
  #tasks: Task[] = [];
  #order = 0;
  #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  now(): Date {
    return new Date(this.#virtual ?? Date.now());
  }

  /** Runs a task after a delay. Real timers never keep the process alive. */
  schedule(milliseconds: number, run: () => void): void {
    if (this.#stopped) return;
    if (this.#virtual !== undefined) {
      this.#order += 1;
      this.#tasks.push({ at: this.#virtual + milliseconds, order: this.#order, run });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, milliseconds);
    timer.unref();
    this.#timers.add(timer);
  }

  /** Moves the made-up time to a moment. */
  setVirtual(time: Date): void {
    this.#virtual = time.getTime();
  }

  /** Runs every task that falls due within a span of made-up time, in order. */
  settle(milliseconds: number): void {
    if (this.#virtual === undefined) throw new Error("only made-up time can be settled");
    const end = this.#virtual + milliseconds;
    for (;;) {
      const next = this.#takeNext(end);
      if (next === undefined) break;
      this.#virtual = Math.max(this.#virtual, next.at);
      next.run();
    }
    this.#virtual = end;
  }

  /** Goes on with the machine's time; tasks left over become timers. */
  followRealTime(): void {
    this.#virtual = undefined;
    const left = this.#tasks;
    this.#tasks = [];
    for (const task of left) this.schedule(Math.max(0, task.at - Date.now()), task.run);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #takeNext(end: number): Task | undefined {
    let best: Task | undefined;
    for (const task of this.#tasks) {
      if (task.at > end) continue;
      if (best === undefined || task.at < best.at || (task.at === best.at && task.order < best.order))
        best = task;
    }
    if (best !== undefined) this.#tasks.splice(this.#tasks.indexOf(best), 1);
    return best;
  }
}
