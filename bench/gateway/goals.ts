/** What the gateway is to reach, in one run with its peers. */
export const GOALS = {
  ofKubectlProxy: { 1: 0.6, 16: 1.0, 64: 2.0 } as Record<number, number>,
  ofNginx: { 64: 0.4 } as Record<number, number>,
  cpuMicroseconds: { 64: 80 } as Record<number, number>,
  slowOfKubectlProxy: 0.95,
  addedP99Ms: 1,
  streamOfNginx: 0.7,
  twoCores: 1.8,
};

interface Verdict {
  what: string;
  goal: string;
  got: string;
  met: boolean;
}

/** The goals of a run, each with what came of it. */
export class Verdicts {
  readonly #all: Verdict[] = [];

  atLeast(what: string, goal: number, got: number): void {
    this.#all.push({ what, goal: `≥ ${goal}`, got: got.toFixed(2), met: got >= goal });
  }

  atMost(what: string, goal: number, got: number): void {
    this.#all.push({ what, goal: `≤ ${goal}`, got: got.toFixed(2), met: got <= goal });
  }

  print(): void {
    console.log("\n| goal | wanted | got | |\n|---|---:|---:|---|");
    for (const { what, goal, got, met } of this.#all)
      console.log(`| ${what} | ${goal} | ${got} | ${met ? "met" : "**missed**"} |`);
  }
}
