import { MessagePanel } from "../message-panel.tsx";
import { ReloadButton } from "../reload-button.tsx";

/** Stands for the whole console while it cannot be known who asks. */
export function UnavailablePage({ message }: { message: string }) {
  return (
    <main className="grid min-h-dvh place-content-center">
      <MessagePanel role="alert" title="The console cannot be shown now" actions={<ReloadButton />}>
        {message}
      </MessagePanel>
    </main>
  );
}
