import type { Metadata } from "next";
import { Suspense } from "react";
import { describeApi } from "../../../api/openapi/document.ts";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { ApiReferencePage } from "./api-reference-page.tsx";
import { type ApiDocument, readDocument } from "./model/read-document.ts";

export const metadata: Metadata = { title: "API reference" };

/** The document that /api/openapi.json serves, as a page. */
export default async function Page() {
  await requireViewer();
  const reference = readDocument(JSON.parse(JSON.stringify(describeApi())) as ApiDocument);
  return (
    <Suspense>
      <ApiReferencePage reference={reference} />
    </Suspense>
  );
}
