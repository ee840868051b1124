"use client";

import { ListTree } from "lucide-react";
import { useState } from "react";
import type { FieldSet } from "../../../../lib/filter/fields.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import type { FilterNode } from "../../../../lib/filter/tree.ts";
import { Button } from "../../button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import { BuilderGroupRows } from "./builder-group.tsx";
import { problemOf, problemOfWhole } from "./builder-problem.ts";
import {
  addNode,
  type BuilderGroup,
  emptyCondition,
  emptyGroup,
  fromBuilder,
  toBuilder,
} from "./builder-tree.ts";

interface BuilderProps {
  fields: FieldSet;
  /** The text that is edited, and what it says. */
  text: string;
  filter: FilterNode | null;
  /** The text cannot be read: the builder starts from nothing. */
  unreadable: boolean;
  onDraft: (text: string) => void;
}

/** The button beside the query text, and the panel that edits the same tree by hand. */
export function FilterBuilder({ onApply, ...props }: BuilderProps & { onApply: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="small" aria-label="Builder" className="max-tablet:hidden">
          <ListTree aria-hidden />
          <span className="wide-only">Builder</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent
        className="w-[560px] max-w-[calc(100vw-16px)] px-3 py-2.5"
        onOpenAutoFocus={(event) => event.preventDefault()}
      >
        {open ? (
          <BuilderPanel
            {...props}
            onApply={(text) => {
              onApply(text);
              setOpen(false);
            }}
          />
        ) : null}
      </PopoverContent>
    </Popover>
  );
}

/** The conditions of the text, row by row. What is written into the text meanwhile shows here, too. Without `onApply` it has no button. */
export function BuilderPanel({
  fields,
  text,
  filter,
  unreadable,
  onDraft,
  onApply,
}: BuilderProps & { onApply?: (text: string) => void }) {
  // As it was when the panel was opened: afterwards the text is the panel's own.
  const [startsAnew] = useState(unreadable);
  const firstField = fields.fields[0]?.name ?? "";
  const [tree, setTree] = useState(() => treeOf(startsAnew ? null : filter, firstField));
  const [written, setWritten] = useState(text);
  if (text !== written && !unreadable) {
    setWritten(text);
    setTree(treeOf(filter, firstField));
  }

  const problem = problemOf(tree, fields);
  const wholeProblem = problemOfWhole(tree, fields);

  function change(next: BuilderGroup) {
    const nextText = formatFilter(fromBuilder(next));
    setTree(next);
    setWritten(nextText);
    onDraft(nextText);
  }

  return (
    <fieldset aria-label="Filter builder" className="min-w-0">
      {startsAnew ? (
        <p className="pb-2 text-warn">The text cannot be read as it is; building replaces it.</p>
      ) : null}
      <div className="max-h-[50vh] overflow-auto">
        <BuilderGroupRows root={tree} group={tree} fields={fields} onChange={change} />
      </div>
      <div className="mt-1.5 flex items-center gap-3.5 border-t border-line pt-2">
        <Button look="link" onClick={() => change(addNode(tree, tree.id, emptyCondition(firstField)))}>
          Add condition
        </Button>
        <Button
          look="link"
          onClick={() => change(addNode(tree, tree.id, emptyGroup([emptyCondition(firstField)], "or")))}
        >
          Add group
        </Button>
        <span role="status" className="ml-auto text-fail">
          {wholeProblem}
        </span>
        {onApply ? (
          <Button
            look="primary"
            disabled={problem !== null}
            onClick={() => onApply(formatFilter(fromBuilder(tree)))}
          >
            Apply
          </Button>
        ) : null}
      </div>
    </fieldset>
  );
}

/** The rows of a filter; an empty one where it says nothing. */
function treeOf(filter: FilterNode | null, firstField: string): BuilderGroup {
  const built = toBuilder(filter);
  return built.nodes.length > 0 ? built : addNode(built, built.id, emptyCondition(firstField));
}
