import { SelectField } from "../../../../components/form/field.tsx";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import { InputField } from "../../../../components/input.tsx";
import type { ChannelDraft } from "./channel-draft.ts";

const SECURITY = [
  { value: "starttls", label: "STARTTLS" },
  { value: "tls", label: "TLS" },
  { value: "none", label: "None" },
];

/** An SMTP server, and who writes to whom. */
export function EmailFields({
  draft,
  onChange,
  errors,
  hasPassword,
}: {
  draft: ChannelDraft;
  onChange: (change: Partial<ChannelDraft>) => void;
  errors: FieldErrors;
  hasPassword: boolean;
}) {
  const text = (field: "host" | "port" | "user" | "password" | "from" | "to", label: string) => ({
    id: `channel-${field}`,
    label,
    autoComplete: "off",
    spellCheck: false,
    value: draft[field],
    onChange: (event: { target: { value: string } }) => onChange({ [field]: event.target.value }),
    error: errors.of(`to.${field}`),
  });
  return (
    <>
      <div className="grid grid-cols-[1fr_90px] gap-3">
        <InputField {...text("host", "SMTP server")} placeholder="smtp.example.com" />
        <InputField {...text("port", "Port")} inputMode="numeric" />
      </div>
      <SelectField
        id="channel-security"
        label="Encryption"
        value={draft.security}
        onValueChange={(security) => onChange({ security: security as ChannelDraft["security"] })}
        options={SECURITY}
        error={errors.of("to.security")}
      />
      <InputField {...text("user", "User")} hint="None: without signing in." />
      <InputField
        {...text("password", "Password")}
        type="password"
        autoComplete="new-password"
        hint={hasPassword ? "Left empty, it stays, while server, encryption and user do." : undefined}
      />
      <InputField {...text("from", "From")} type="email" placeholder="kubewitness@example.com" />
      <InputField {...text("to", "To")} hint="Addresses, a comma between." />
    </>
  );
}
