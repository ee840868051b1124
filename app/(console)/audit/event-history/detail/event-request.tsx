import { stringify } from "yaml";
import { Section } from "../../../../components/audit/detail/facts.tsx";
import { CodeBlock } from "../../../../components/code-block.tsx";
import { CopyButton } from "../../../../components/copy-button.tsx";

/** What the request asked for, secrets left out. */
export function EventRequest({ body }: { body: unknown }) {
  if (body === null || body === undefined) return null;
  const text = stringify(body);
  return (
    <Section title="Request body" right={<CopyButton text={text} label="Copy request body" />}>
      <CodeBlock text={text} language="yaml" label="Request body" />
    </Section>
  );
}
