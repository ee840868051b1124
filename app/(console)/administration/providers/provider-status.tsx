import type { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { EnabledMark } from "../users/enabled-mark.tsx";

/** Whether people can sign in with it. */
export function ProviderStatus({ provider }: { provider: ProviderView }) {
  if (provider.problem === null) return <EnabledMark enabled={provider.enabled} />;
  return (
    <span className="text-fail" title={provider.problem}>
      Does not count
    </span>
  );
}
