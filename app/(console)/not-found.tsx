import type { Metadata } from "next";
import { NotFoundPanel } from "../components/not-found-panel.tsx";
import { Page } from "../components/shell/page-frame.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function ConsoleNotFound() {
  return (
    <Page title="Not found">
      <NotFoundPanel />
    </Page>
  );
}
