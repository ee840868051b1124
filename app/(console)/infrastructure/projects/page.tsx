import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Projects } from "./projects.tsx";

export const metadata: Metadata = { title: "Projects" };

export default function Page() {
  return (
    <PermittedPage permission="projects:read" title="Projects">
      <Projects />
    </PermittedPage>
  );
}
