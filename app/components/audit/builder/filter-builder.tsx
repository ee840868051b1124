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
  filter: FilterNode | null;
  /** The text cannot be read: the builder starts from nothing. */
  unreadable: boolean;
  onDraft: (text: string) => void;
  onApply: (text: string) => void;
}

/** The button beside the query text, and the panel that edits the same tree by hand. */
export function FilterBuilder(props: BuilderProps) {
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
        {open ? <BuilderPanel {...props} onClose={() => setOpen(false)} /> : null}
      </PopoverContent>
    </Popover>
  );
}

export function BuilderPanel({
  fields,
  filter,
  unreadable,
  onDraft,
  onApply,
  onClose,
}: BuilderProps & { onClose: () => void }) {
  // As it was when the panel was opened: afterwards the text is the panel's own.
  const [startsAnew] = useState(unreadable);
  const firstField = fields.fields[0]?.name ?? "";
  const [tree, setTree] = useState<BuilderGroup>(() => {
    const built = toBuilder(startsAnew ? null : filter);
    return built.nodes.length > 0 ? built : addNode(built, built.id, emptyCondition(firstField));
  });

  const problem = problemOf(tree, fields);
  const wholeProblem = problemOfWhole(tree, fields);

  function change(next: BuilderGroup) {
    setTree(next);
    onDraft(formatFilter(fromBuilder(next)));
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
        <Button
          look="primary"
          disabled={problem !== null}
          onClick={() => {
            onApply(formatFilter(fromBuilder(tree)));
            onClose();
          }}
        >
          Apply
        </Button>
      </div>
    </fieldset>
  );
}
