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
  /** `import type`: erased, nothing of it reaches a bundle. */
  typeOnly: boolean;
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

interface Specifier {
  value: string;
  start: number;
  typeOnly: boolean;
}

/** Parses a TypeScript file; throws where it does not parse. */
export function readSourceFile(root: string, file: string): SourceFile {
  const source = readFileSync(path.join(root, file), "utf8");
  const parsed = parseSync(file, source);
  const [error] = parsed.errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const imports = listSpecifiers(parsed.module, source).map(({ value, start, typeOnly }) => ({
    line: lineAt(start),
    specifier: value,
    target: value.startsWith(".") ? path.posix.join(path.posix.dirname(file), value) : undefined,
    typeOnly,
  }));
  return {
    file,
    client: hasClientDirective(parsed.program.body),
    imports,
    environmentReads: environmentReads(source),
  };
}

type Module = ReturnType<typeof parseSync>["module"];

function listSpecifiers(
  { staticImports, staticExports, dynamicImports }: Module,
  source: string,
): Specifier[] {
  const imports = staticImports.map(({ moduleRequest: { value, start }, entries }) => {
    return { value, start, typeOnly: entries.length > 0 && entries.every((entry) => entry.isType) };
  });
  const reexports = staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) => {
      return moduleRequest
        ? [{ value: moduleRequest.value, start: moduleRequest.start, typeOnly: isType }]
        : [];
    });
  const dynamic = dynamicImports.map(({ moduleRequest: { start, end } }) => {
    // A computed specifier keeps its source text, which matches no rule by name.
    return { value: source.slice(start, end).replace(/^["'`]|["'`]$/g, ""), start, typeOnly: false };
  });
  return [...imports, ...reexports, ...dynamic];
}

function hasClientDirective(body: { type: string; directive?: string | null }[]): boolean {
  return body.some((statement) => statement.directive === "use client");
}

function environmentReads(source: string): number[] {
  return source.split("\n").flatMap((text, index) => (/\bprocess\.env\b/.test(text) ? [index + 1] : []));
}
