"use client";

import dynamic from "next/dynamic";
import { LoadingRows } from "../../../../../components/audit/table-states.tsx";

/** The editor is large: it is loaded where it is shown. */
export const LazyYamlEditor = dynamic(() => import("./yaml-editor.tsx"), {
  ssr: false,
  loading: () => <LoadingRows />,
});
