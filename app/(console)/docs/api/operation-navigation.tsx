"use client";

import { useState } from "react";
import { ListSearch } from "../../../components/list/list-search.tsx";
import { matches } from "../../../components/list/use-list.ts";
import { MethodMark } from "./method-mark.tsx";
import type { ApiOperation } from "./model/read-document.ts";

/** Every operation by what it is about. */
export function OperationNavigation({
  operations,
  chosen,
  onChoose,
}: {
  operations: readonly ApiOperation[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const [search, setSearch] = useState("");
  const shown = operations.filter(
    matches(search, ({ path, summary, method, tag }) => `${method} ${path} ${summary} ${tag}`),
  );
  const tags = [...new Set(shown.map(({ tag }) => tag))];
  return (
    <nav className="api-nav" aria-label="Operations">
      <div className="p-2 [&_.field]:w-full">
        <ListSearch value={search} onChange={setSearch} label="Path or what it does" />
      </div>
      <button
        type="button"
        aria-current={chosen === null ? "true" : undefined}
        onClick={() => onChoose(null)}
      >
        Introduction
      </button>
      {tags.map((tag) => (
        <section key={tag} aria-label={tag}>
          <h2>{tag}</h2>
          <ul>
            {shown
              .filter((operation) => operation.tag === tag)
              .map(({ id, method, path, summary, deprecated }) => (
                <li key={id}>
                  <button
                    type="button"
                    aria-current={id === chosen ? "true" : undefined}
                    title={`${method.toUpperCase()} ${path}: ${summary}`}
                    onClick={() => onChoose(id)}
                  >
                    <MethodMark method={method} />
                    <span className={deprecated ? "cut text-fg-3 line-through" : "cut"}>
                      {shortPath(path)}
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 ? <p className="px-4 py-3 text-fg-3">No operation is called that.</p> : null}
    </nav>
  );
}

/** Without what all have. */
const shortPath = (path: string) => path.replace(/^\/api\/v1/, "");
