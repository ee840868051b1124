import path from "node:path";
import type { SourceFile } from "./read-imports.ts";

/** Where a folder uses one that leads back to it; `circle` begins and ends with the same folder. */
export interface FolderCycle {
  /** The import to look at first: of the fewest that close the circle. */
  file: string;
  line: number;
  specifier: string;
  circle: string[];
}

/** Imports of one folder's files from another's. */
interface Edge {
  from: string;
  to: string;
  imports: { file: string; line: number; specifier: string }[];
}

/**
 * The circles among folders, the shortest for each pair of neighbours on one. A folder is the files directly in it: a parent and its child are two
 * like any others, so one of them may use the other. Types count: who reads one folder has to read the other too.
 */
export function findFolderCycles(files: readonly SourceFile[]): FolderCycle[] {
  const edges = edgesOf(files);
  const circles = new Map<string, Edge[]>();
  for (const edge of edges) {
    const back = shortestWay(edges, edge.to, edge.from);
    if (!back) continue;
    const circle = [edge, ...back];
    if (!circles.has(nameOf(circle))) circles.set(nameOf(circle), circle);
  }
  return [...circles.values()].map(describe).sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function edgesOf(files: readonly SourceFile[]): Edge[] {
  const known = new Set(files.map(({ file }) => file));
  const edges = new Map<string, Edge>();
  for (const { file, imports } of files) {
    for (const { target, line, specifier } of imports) {
      if (target === undefined || !known.has(target)) continue;
      const [from, to] = [path.posix.dirname(file), path.posix.dirname(target)];
      if (from === to) continue;
      const edge = edges.get(`${from} ${to}`) ?? { from, to, imports: [] };
      edge.imports.push({ file, line, specifier });
      edges.set(`${from} ${to}`, edge);
    }
  }
  return [...edges.values()];
}

/** Breadth first; undefined where there is none. */
function shortestWay(edges: readonly Edge[], start: string, end: string): Edge[] | undefined {
  const seen = new Set([start]);
  let ways: Edge[][] = [[]];
  while (ways.length > 0) {
    const longer: Edge[][] = [];
    for (const way of ways) {
      const at = way.at(-1)?.to ?? start;
      if (at === end) return way;
      for (const edge of edges) {
        if (edge.from !== at || seen.has(edge.to)) continue;
        seen.add(edge.to);
        longer.push([...way, edge]);
      }
    }
    ways = longer;
  }
  return undefined;
}

/** One name for a circle, wherever on it one begins. */
const nameOf = (circle: readonly Edge[]) => {
  const folders = circle.map(({ from }) => from);
  const first = folders.indexOf([...folders].sort()[0]!);
  return [...folders.slice(first), ...folders.slice(0, first)].join(" ");
};

function describe(circle: Edge[]): FolderCycle {
  const thinnest = circle.reduce((least, edge) =>
    edge.imports.length < least.imports.length ? edge : least,
  );
  const at = circle.indexOf(thinnest);
  const turned = [...circle.slice(at), ...circle.slice(0, at)];
  return { ...thinnest.imports[0]!, circle: [...turned.map(({ from }) => from), thinnest.from] };
}
