import type { Context } from "../../context.ts";
import { AppError, type ErrorDetail } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { checkDocument, type DocumentIssue } from "./document/check-document.ts";
import type { Position } from "./document/positions.ts";
import { readDocument } from "./document/read-document.ts";
import type { RoleDocument } from "./document/schema.ts";
import { writeDocument } from "./document/write-document.ts";
import { type CheckedRole, CheckRoleInput, type DocumentProblem } from "./schema.ts";
import { findUnknownClusters } from "./unknown-clusters.ts";

type Written = Pick<CheckRoleInput, "document" | "yaml">;
type Issue = DocumentIssue & { position?: Position };

/** What would be said of a role's document if it were saved; nothing is. */
export async function checkRole({
  ctx,
  input,
}: {
  ctx: Context;
  input: CheckRoleInput;
}): Promise<CheckedRole> {
  requirePermission(ctx, "access:read");
  const { document, issues } = read(CheckRoleInput.parse(input));
  const unknown = document === null ? [] : await findUnknownClusters(document);
  return {
    document,
    yaml: document && writeDocument(document),
    problems: [...issues, ...unknown].map(problemOf),
  };
}

/** The document that was sent. @throws AppError `invalid_argument`, which names each field and its place. */
export function readWritten(written: Written): RoleDocument {
  const { document, issues } = read(written);
  if (document !== null) return document;
  const details = issues.filter(({ severity }) => severity === "error").map(detailOf);
  const [first] = issues;
  throw new AppError("invalid_argument", first ? describe(first) : "The document is not understood.", {
    details,
  });
}

function read({ document, yaml }: Written): { document: RoleDocument | null; issues: Issue[] } {
  return yaml === undefined ? checkDocument(document) : readDocument(yaml);
}

function problemOf(issue: Issue): DocumentProblem {
  const { severity, message, position } = issue;
  return { severity, field: fieldOf(issue), message, position: position ?? null };
}

function detailOf(issue: Issue): ErrorDetail {
  const { message, position } = issue;
  return {
    field: fieldOf(issue) || "yaml",
    takes: message.replace(/^takes /, ""),
    ...(position === undefined ? {} : { position }),
  };
}

function describe(issue: Issue): string {
  const { message, position } = issue;
  const place = position === undefined ? "" : `line ${position.line}, column ${position.column}: `;
  const field = fieldOf(issue);
  return `${place}${field === "" ? "" : `${field}: `}${message}`;
}

const fieldOf = ({ path, key }: Issue) => [...path, ...(key === undefined ? [] : [key])].join(".");
