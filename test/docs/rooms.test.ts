import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

// The rooms that are entered by their doors alone, as docs/architecture.md has them.

const root = path.resolve(import.meta.dirname, "../..");
const gateway = path.join(root, "lib/gateway");
const page = readFileSync(path.join(root, "docs/architecture.md"), "utf8");
const table = page.split("### The gateway's rooms")[1]!.split("\n## ")[0]!;
const rooms = [...table.matchAll(/^\| `(\w+)\/` \|[^|]*\|([^|]*)\|$/gm)].map(([, name = "", doors = ""]) => ({
  name,
  doors: [...doors.matchAll(/`([\w-]+\.ts)`/g)].map(([, file = ""]) => file),
}));
/** What all rooms speak: no door keeps it. */
const SHARED = ["answer", "request", "call"];

const sources = ["lib/gateway", "server", "bench"]
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      path.join(root, folder, file),
    ),
  )
  .concat(path.join(root, "server.ts"))
  .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|\/testing\//.test(file));

function importsOf(file: string): string[] {
  const paths = readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g);
  return [...paths].map(([, specifier = ""]) => path.resolve(path.dirname(file), specifier));
}

describe("docs/architecture.md", () => {
  test("lists every room of the gateway", () => {
    const folders = readdirSync(gateway, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).filter((name) => name !== "testing");
    expect(rooms.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test.each(rooms)("names files that $name/ has", ({ name, doors }) => {
    const files = readdirSync(path.join(gateway, name));
    for (const door of doors) expect([...files, "handler.ts"]).toContain(door);
    expect(doors).not.toEqual([]);
  });

  test.each(rooms.filter(({ name }) => !SHARED.includes(name)))(
    "has all doors of $name/",
    ({ name, doors }) => {
      const folder = path.join(gateway, name);
      const used = sources
        .filter((file) => path.dirname(file) !== folder)
        .flatMap(importsOf)
        .filter((file) => path.dirname(file) === folder)
        .map((file) => path.basename(file));
      for (const file of used) expect(doors).toContain(file);
    },
  );
});
