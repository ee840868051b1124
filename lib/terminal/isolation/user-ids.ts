import { AppError } from "../../errors.ts";

/** How many user ids there are from the first one on, each a session's. */
const USER_ID_COUNT = 1000;

/** The user ids that sessions run as: each has its own, so that the kernel keeps sessions apart. */
export class UserIds {
  readonly #first: number;
  readonly #taken = new Set<number>();

  constructor(first: number) {
    this.#first = first;
  }

  take(): number {
    for (let id = this.#first; id < this.#first + USER_ID_COUNT; id++) {
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
    throw new AppError("resource_exhausted", `There are ${USER_ID_COUNT} web shells open: close one first.`);
  }

  release(id: number): void {
    this.#taken.delete(id);
  }
}

/** The options of setpriv (util-linux) that make a program a user of its own, without groups and capabilities. */
export function setprivOptions(userId: number): string[] {
  return [
    ...[`--reuid=${userId}`, `--regid=${userId}`, "--clear-groups", "--no-new-privs"],
    ...["--inh-caps=-all", "--bounding-set=-all", "--"],
  ];
}
