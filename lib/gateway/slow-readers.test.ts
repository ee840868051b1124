import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import { type KubectlLab, startKubectlLab } from "./testing/kubectl-lab.ts";

const binaries = await kubectlBinaries();
let lab: KubectlLab;
beforeAll(async () => {
  lab = await startKubectlLab();
});
afterAll(() => lab.close());

/** Longer than kubectl waits between two pings: one that met a closed connection would have it reset. */
const SECONDS_BEFORE_READING = 8;

/** The sandbox says the same to each of them; its own closing is seen by the oldest, by SPDY, and by the newest. */
const ways = [
  { context: "gateway", kubectls: binaries },
  { context: "direct", kubectls: [binaries[0]!, binaries.at(-1)!] },
];

describe.concurrent.each(ways)("by the context $context", ({ context, kubectls }) => {
  test.each(kubectls)(
    "kubectl $version gives a slow reader all of an exec's output",
    async (kubectl) => {
      const pod = await lab.aPod(kubectl.path);
      const exec = `"$KUBECTL" --context ${context} exec ${pod} -- seq 1 300000`;
      const { out, err } = await lab.shell(
        kubectl.path,
        `set -o pipefail; ${exec} | (sleep ${SECONDS_BEFORE_READING}; tail -1); echo "exit $?"`,
      );
      expect(err.replace(/^Defaulted container .*\n/, "")).toBe("");
      expect(out).toBe("300000\nexit 0\n");
    },
    60_000,
  );
});
