import { readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "vite";

/** One import, export-from, dynamic import or side-effect import of a source file. */
export interface Import {
  line: number;
  /** As written. */
  specifier: string;
  /** The file that it names, relative to the root, for a relative specifier; undefined for a package. */
  target?: string;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  file: string;
  /** Starts with the directive "use client". */
  client: boolean;
  imports: Import[];
  /** Lines that read process.env. */
  environmentReads: number[];
}

interface Span {
  value: string;
  start: number;
}

/** Parses a TypeScript file; throws where it does not parse. */
export function readSourceFile(root: string, file: string): SourceFile {
  const source = readFileSync(path.join(root, file), "utf8");
  const parsed = parseSync(file, source);
  const [error] = parsed.errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const imports = listSpecifiers(parsed.module, source).map(({ value, start }) => ({
    line: lineAt(start),
    specifier: value,
    target: value.startsWith(".") ? path.posix.join(path.posix.dirname(file), value) : undefined,
  }));
  return {
    file,
    client: hasClientDirective(parsed.program.body),
    imports,
    environmentReads: environmentReads(source),
  };
}

function listSpecifiers(module: ReturnType<typeof parseSync>["module"], source: string): Span[] {
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.map((entry) => entry.moduleRequest),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    // A computed specifier keeps its source text, which matches no rule by name.
    value: source.slice(start, end).replace(/^["'`]|["'`]$/g, ""),
    start,
  }));
  const found = [...module.staticImports.map(({ moduleRequest }) => moduleRequest), ...reexports, ...dynamic];
  return found.filter((span) => span !== null && span !== undefined);
}

function hasClientDirective(body: { type: string; directive?: string | null }[]): boolean {
  return body.some((statement) => statement.directive === "use client");
}

function environmentReads(source: string): number[] {
  return source.split("\n").flatMap((text, index) => (/\bprocess\.env\b/.test(text) ? [index + 1] : []));
}
