import { type ReactNode, Suspense } from "react";
import type { Permission } from "../../../lib/access/permission.ts";
import { MessagePanel } from "../message-panel.tsx";
import { Page } from "./page-frame.tsx";
import { requireViewer } from "./require-viewer.ts";

/** Shows a page to those who may see it, and says to all others who may. The API that it asks checks for itself. */
export async function PermittedPage({
  permission,
  title,
  children,
}: {
  permission: Permission;
  title: string;
  children: ReactNode;
}) {
  const { permissions } = await requireViewer();
  if (permissions.includes(permission)) return <Suspense>{children}</Suspense>;
  return (
    <Page title={title}>
      <MessagePanel title="This page is not for you">
        Administrators and auditors see it. Ask an administrator to add you to one of their groups, then sign
        in again.
      </MessagePanel>
    </Page>
  );
}
