import Link from "next/link";
import { Button } from "./button.tsx";
import { MessagePanel } from "./message-panel.tsx";

export function NotFoundPanel() {
  return (
    <MessagePanel
      title="There is no such page"
      actions={
        <Button asChild>
          <Link href="/">Go to the start</Link>
        </Button>
      }
    >
      The address may be mistyped, or what it showed was removed.
    </MessagePanel>
  );
}
