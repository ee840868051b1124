import { type ColumnTable, fieldNameOf } from "../columns/derived/schema.ts";
import type { Column } from "../columns/schema.ts";
import { parseGroups } from "../store/dictionary.ts";
import { actorPart, clusterPart, wordsByCode } from "./stored-values.ts";
import type { TextIds, Texts } from "./texts.ts";

/** A facet: the field that a click writes into the filter, its column, and the texts of what the column holds. */
export interface FacetColumn {
  field: string;
  label: string;
  column: string;
  /** Where the texts of the column's ids are; null where its numbers are words of their own. */
  ids: keyof TextIds | null;
  /** Several where the value is a list; null for an absent one. */
  textsOf: (texts: Texts, id: number) => readonly (string | null)[];
}

/** The facets of a table: only columns of ids and codes can be one. */
export function facetColumns({ columns, facets }: ColumnTable): FacetColumn[] {
  return facets.map((key) => {
    const column = columns[key] as Column;
    const { label, facetLabel = label } = column.facts;
    const field = fieldNameOf(key, column);
    if (field === null) throw new Error(`the facet ${key} has no filter field`);
    return { field, label: facetLabel, column: column.stored.column, ...valuesOf(column) };
  });
}

function valuesOf({ stored }: Column): Pick<FacetColumn, "ids" | "textsOf"> {
  switch (stored.holds) {
    case "term":
      return { ids: "terms", textsOf: stored.list ? listTexts : (texts, id) => [texts.term(id)] };
    case "cluster":
      return { ids: "clusters", textsOf: (texts, id) => [clusterPart(texts.cluster(id), stored.of)] };
    case "actor":
      return { ids: "actors", textsOf: (texts, id) => [actorText(texts, id, stored.of)] };
    case "code": {
      const words = wordsByCode(stored.codes);
      return { ids: null, textsOf: (_, code) => [words[code] ?? null] };
    }
    default:
      throw new Error(`a column of ${stored.holds} cannot be a facet`);
  }
}

function listTexts(texts: Texts, id: number): readonly (string | null)[] {
  const list = parseGroups(texts.term(id));
  return list.length === 0 ? [null] : list;
}

/** The first part that there is. */
function actorText(texts: Texts, id: number, of: readonly Parameters<typeof actorPart>[1][]): string | null {
  const actor = texts.actor(id);
  for (const part of of) {
    const text = actorPart(actor, part);
    if (text !== null) return text;
  }
  return null;
}
