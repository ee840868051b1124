import { describe, expect, test } from "vitest";
import { strategicMerge } from "./strategic-merge.ts";

const pod = "core/v1.PodSpec";

describe("strategic merge", () => {
  test("merges lists by their key and keeps the rest of each item", () => {
    const original = {
      containers: [
        { name: "a", image: "x", env: [{ name: "E", value: "1" }] },
        { name: "b", image: "y" },
      ],
    };
    const patch = { containers: [{ name: "a", image: "z", env: [{ name: "F", value: "2" }] }] };
    expect(strategicMerge(original, patch, pod)).toEqual({
      containers: [
        {
          name: "a",
          image: "z",
          env: [
            { name: "E", value: "1" },
            { name: "F", value: "2" },
          ],
        },
        { name: "b", image: "y" },
      ],
    });
  });

  test("deletes and replaces by directive", () => {
    const original = { containers: [{ name: "a" }, { name: "b" }], tolerations: [{ key: "k" }] };
    expect(strategicMerge(original, { containers: [{ name: "a", $patch: "delete" }] }, pod)).toEqual({
      containers: [{ name: "b" }],
      tolerations: [{ key: "k" }],
    });
    const replace = { containers: [{ name: "c" }, { $patch: "replace" }] };
    expect(strategicMerge(original, replace, pod).containers).toEqual([{ name: "c" }]);
    expect(
      strategicMerge({ nodeSelector: { a: "1" } }, { nodeSelector: { $patch: "replace", b: "2" } }, pod),
    ).toEqual({
      nodeSelector: { b: "2" },
    });
  });

  test("lists without a merge key are replaced, nulls delete", () => {
    const original = { containers: [{ name: "a", command: ["x", "y"] }], hostname: "h" };
    const patch = { containers: [{ name: "a", command: ["z"] }], hostname: null };
    expect(strategicMerge(original, patch, pod)).toEqual({ containers: [{ name: "a", command: ["z"] }] });
  });

  test("obeys the order of $setElementOrder and drops what $retainKeys does not name", () => {
    const original = { containers: [{ name: "a" }, { name: "b" }] };
    const patch = {
      "$setElementOrder/containers": [{ name: "c" }, { name: "a" }],
      containers: [{ name: "c" }],
    };
    const names = strategicMerge(original, patch, pod).containers as { name: string }[];
    expect(names.map(({ name }) => name)).toEqual(["c", "a", "b"]);
    const strategy = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } };
    const recreate = { strategy: { $retainKeys: ["type"], type: "Recreate" } };
    expect(strategicMerge(strategy, recreate, "apps/v1.DeploymentSpec")).toEqual({
      strategy: { type: "Recreate" },
    });
  });

  test("takes values out of primitive lists", () => {
    const original = { finalizers: ["a", "b"] };
    const patch = { "$deleteFromPrimitiveList/finalizers": ["a"], finalizers: ["c"] };
    expect(strategicMerge(original, patch, "meta/v1.ObjectMeta")).toEqual({ finalizers: ["b", "c"] });
  });
});
