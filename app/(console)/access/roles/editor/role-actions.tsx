"use client";

import { Copy, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { RoleDetail } from "../../../../../lib/access/roles/schema.ts";
import { Button } from "../../../../components/button.tsx";
import { useViewer } from "../../../../components/shell/viewer.tsx";
import { DeleteRoleDialog } from "./delete-role-dialog.tsx";

/** Copying and deleting a role. */
export function RoleActions({ role }: { role: RoleDetail }) {
  const router = useRouter();
  const mayWrite = useViewer().permissions.includes("access:write");
  const [deleting, setDeleting] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button asChild>
        <Link href={`/access/roles/new?from=${role.id}`}>
          <Copy aria-hidden />
          <span className="max-tablet:sr-only">Copy</span>
        </Link>
      </Button>
      {role.builtIn ? null : (
        <Button look="danger-plain" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden className="text-fail!" />
          <span className="max-tablet:sr-only">Delete</span>
        </Button>
      )}
      <DeleteRoleDialog
        role={role}
        open={deleting}
        onOpenChange={setDeleting}
        onDone={() => router.replace("/access/roles")}
      />
    </>
  );
}
