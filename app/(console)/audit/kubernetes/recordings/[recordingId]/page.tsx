import type { Metadata } from "next";
import { PermittedPage } from "../../../../../components/shell/permitted-page.tsx";
import { Recording } from "./recording.tsx";

export const metadata: Metadata = { title: "Pod session" };

export default async function RecordingPage({ params }: { params: Promise<{ recordingId: string }> }) {
  const { recordingId } = await params;
  return (
    <PermittedPage permission="recordings:play" title="Pod session">
      <Recording recordingId={recordingId} />
    </PermittedPage>
  );
}
