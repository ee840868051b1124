"use client";

import { X } from "lucide-react";
import type { FieldSet } from "../../../../lib/filter/fields.ts";
import { Button } from "../../button.tsx";
import { IconButton } from "../../icon-button.tsx";
import { Select } from "../../select.tsx";
import { BuilderConditionFields } from "./builder-condition.tsx";
import {
  addNode,
  type BuilderGroup,
  type BuilderNode,
  editGroup,
  editNode,
  emptyCondition,
} from "./builder-tree.ts";

const JOINS = [
  { value: "and", label: "AND" },
  { value: "or", label: "OR" },
];
const KINDS = [
  { value: "group", label: "group" },
  { value: "not", label: "not group" },
];

/** The rows of a group: conditions, and groups set in from the left. */
export function BuilderGroupRows({
  root,
  group,
  fields,
  onChange,
}: {
  root: BuilderGroup;
  group: BuilderGroup;
  fields: FieldSet;
  onChange: (root: BuilderGroup) => void;
}) {
  return group.nodes.map((node, index) => (
    <div key={node.id}>
      <div className="flex min-h-8 items-center gap-1.5">
        {index === 0 ? (
          <span className="w-[60px] flex-none pl-0.5 text-fg-3">Where</span>
        ) : (
          <Select
            label="Joined by"
            className="w-[60px] flex-none border-transparent bg-transparent px-0.5 text-meta font-semibold text-syn-bool"
            value={group.join}
            options={JOINS}
            onValueChange={(join) => onChange(editGroup(root, group.id, { join: join as "and" | "or" }))}
          />
        )}
        <NodeFields root={root} node={node} fields={fields} onChange={onChange} />
        <IconButton
          label={node.kind === "group" ? "Remove group" : "Remove condition"}
          size="icon-small"
          className="ml-auto flex-none"
          onClick={() => onChange(editNode(root, node.id, () => null))}
        >
          <X aria-hidden className="size-3!" />
        </IconButton>
      </div>
      {node.kind === "group" ? (
        <div className="ml-[66px] border-l-2 border-line-control pl-2.5 max-tablet:ml-4">
          <BuilderGroupRows root={root} group={node} fields={fields} onChange={onChange} />
          <Button
            look="link"
            size="small"
            onClick={() => onChange(addNode(root, node.id, emptyCondition(fields.fields[0]?.name ?? "")))}
          >
            Add condition
          </Button>
        </div>
      ) : null}
    </div>
  ));
}

function NodeFields({
  root,
  node,
  fields,
  onChange,
}: {
  root: BuilderGroup;
  node: BuilderNode;
  fields: FieldSet;
  onChange: (root: BuilderGroup) => void;
}) {
  if (node.kind === "condition") {
    return (
      <BuilderConditionFields
        condition={node}
        fields={fields}
        onChange={(next) => onChange(editNode(root, node.id, () => next))}
      />
    );
  }
  return (
    <Select
      label="Kind of group"
      className="border-transparent bg-transparent px-0.5 text-fg-3"
      value={node.negated ? "not" : "group"}
      options={KINDS}
      onValueChange={(kind) => onChange(editGroup(root, node.id, { negated: kind === "not" }))}
    />
  );
}
