import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const pages = [
  "README.md",
  "sandbox/README.md",
  "agent/README.md",
  "cli/README.md",
  ...globSync("docs/**/*.md", { cwd: root }),
];
const sources = globSync("{agent,app,bench,cli,deploy,e2e,lib,prisma,sandbox,scripts,server,test}/**/*.*", {
  cwd: root,
})
  .concat(globSync("*.*", { cwd: root }))
  // What npm run cli and npm run agent make.
  .concat("dist/kubewitness.mjs", "dist/kubewitness-agent.mjs")
  .map((file) => `/${file.replaceAll(path.sep, "/")}`);

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

/** Sources and folders that a page names in its text: whole, or from a folder on that the text is about. */
function namedIn(page: string): string[] {
  const spans = [...page.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return spans.filter((span) => SOURCE.test(span) || FOLDER.test(span));
}
const SOURCE = /^[\w()/.-]*[\w-]\.(?:tsx?|mjs|sh|prisma|service)$/;
const FOLDER = /^(?:agent|app|bench|cli|deploy|e2e|lib|sandbox|scripts|server|test)(?:\/[\w()-]+)*\/$/;
const isThere = (name: string) =>
  SOURCE.test(name)
    ? sources.some((source) => source.endsWith(`/${name}`))
    : existsSync(path.join(root, name));

test.each(pages)("%s names files and folders that are there", (file) => {
  const named = namedIn(readFileSync(path.join(root, file), "utf8"));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test("pages name files", () => {
  const named = pages.flatMap((file) => namedIn(readFileSync(path.join(root, file), "utf8")));
  expect(named.length).toBeGreaterThan(300);
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
