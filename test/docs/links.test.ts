import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];

/** Headings as GitHub names them in addresses. */
function anchorsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}

/** What a page points at within the project: links, pictures, sources of pictures. */
function targetsOf(page: string): string[] {
  const text = page.replaceAll(/```[\s\S]*?```/g, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)];
  return links.map(([, link, source]) => link ?? source ?? "").filter((to) => !/^[a-z]+:/.test(to));
}

test.each(pages)("%s points at what is there", (file) => {
  const page = readFileSync(path.join(root, file), "utf8");
  for (const target of targetsOf(page)) {
    const [to = "", anchor] = target.split("#");
    const found = to === "" ? path.join(root, file) : path.resolve(root, path.dirname(file), to);
    expect(existsSync(found), `${file}: ${target}`).toBe(true);
    if (anchor === undefined || !statSync(found).isFile()) continue;
    expect(anchorsOf(readFileSync(found, "utf8")), `${file}: ${target}`).toContain(anchor);
  }
});

test("every picture is shown somewhere, and none is large", () => {
  const shown = pages.flatMap((file) =>
    targetsOf(readFileSync(path.join(root, file), "utf8")).map((target) => path.basename(target)),
  );
  for (const picture of globSync("docs/images/*", { cwd: root })) {
    expect(shown).toContain(path.basename(picture));
    expect(statSync(path.join(root, picture)).size, picture).toBeLessThan(400 * 1024);
  }
});
