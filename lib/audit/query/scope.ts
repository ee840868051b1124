declare const minted: unique symbol;

/**
 * Whose audit data may be read. Only `auditScope` of lib/access/permission.ts makes one; every query over audit data takes one,
 * and compiles it into its SQL.
 */
export type AuditScope = (
  | {
      kind: "all";
      /** Whether what was typed and shown in sessions may be looked into as well. */
      recordings?: boolean;
    }
  | { kind: "own"; actorKind: "user" | "application"; actorId: string }
) & { readonly [minted]: "scope" };
