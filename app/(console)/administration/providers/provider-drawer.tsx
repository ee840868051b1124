"use client";

import type { ReactNode } from "react";
import type { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { Copyable } from "../../../components/list/copyable.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { KINDS } from "./kinds.ts";
import { ProviderStatus } from "./provider-status.tsx";
import { TestProvider } from "./test-provider.tsx";

/** One identity provider: what it is set to, what it has to be told, and whether it answers. */
export function ProviderDrawer({
  provider,
  mayTest,
  onClose,
  actions,
}: {
  provider: ProviderView;
  mayTest: boolean;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  const { addresses, setting } = provider;
  return (
    <ListDrawer
      kind="Provider"
      title={provider.name}
      subtitle={KINDS[provider.kind]}
      onClose={onClose}
      foot={
        actions.length === 0
          ? null
          : actions.map(({ label, danger, run }) => (
              <Button key={label} look={danger ? "danger-plain" : "plain"} onClick={run}>
                {label}
              </Button>
            ))
      }
    >
      <Section title="Provider">
        <Facts>
          <Fact name="Status">
            <ProviderStatus provider={provider} />
          </Fact>
          {provider.problem === null ? null : <Fact name="Problem">{provider.problem}</Fact>}
          <Fact name="Set in">
            {setting === null ? (
              "the console"
            ) : (
              <>
                the configuration, as <span className="mono">{setting}</span>: it is changed there
              </>
            )}
          </Fact>
          <Fact name="ID">
            <span className="mono">{provider.id}</span>
          </Fact>
          <Fact name="People">{provider.people}</Fact>
          {provider.updatedAt === null ? null : (
            <Fact name="Changed">
              <Moment time={provider.updatedAt} absent="" />
            </Fact>
          )}
        </Facts>
      </Section>
      {mayTest ? <TestProvider provider={provider} /> : null}
      <Section title="What the provider has to know">
        <Facts>
          <Address
            name={provider.kind === "saml" ? "Answers to (ACS)" : "Redirect to"}
            text={addresses.callback}
          />
          <Address name="Metadata" text={addresses.metadata} />
          <Address name="After signing out" text={addresses.signedOut} />
          <Address name="Back-channel logout" text={addresses.backChannelLogout} />
        </Facts>
      </Section>
      <Section title="Settings">
        <Facts>
          {settingsOf(provider).map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </Facts>
      </Section>
    </ListDrawer>
  );
}

function Address({ name, text }: { name: string; text: string | null }) {
  if (text === null) return null;
  return (
    <Fact name={name}>
      <Copyable text={text} label={`Copy: ${name}`} />
    </Fact>
  );
}

function settingsOf({ kind, settings, hasSecret }: ProviderView): [string, ReactNode][] {
  const text = (value: string | null | undefined, absent: string) =>
    value ? <span className="wrap-anywhere">{value}</span> : <Absent>{absent}</Absent>;
  const list = (values: readonly string[] | undefined, absent: string) => text(values?.join(", "), absent);
  const yes = (value: boolean | undefined) => (value ? "Yes" : "No");
  const own: [string, ReactNode][] =
    kind === "oidc"
      ? [
          ["Client ID", text(settings.clientId, "None")],
          ["Client secret", hasSecret ? "Set, not shown" : <Absent key="secret">None</Absent>],
          ["Scopes", text(settings.scopes, "Those that the provider lists")],
          ["Name claim", text(settings.nameClaim, "name")],
          ["E-mail claim", text(settings.emailClaim, "email")],
          ["Groups claim", text(settings.groupsClaim, "groups")],
          ["Signs out there", yes(settings.signOutAtProvider ?? true)],
        ]
      : [
          ["Its metadata", text(settings.metadata ? "As XML, kept here" : settings.metadataUrl, "None")],
          ["Name attribute", text(settings.nameAttribute, "The usual ones")],
          ["E-mail attribute", text(settings.emailAttribute, "The usual ones")],
          ["Groups attribute", text(settings.groupsAttribute, "groups")],
          ["Addresses are verified", yes(settings.emailVerified)],
        ];
  return [
    ["Issuer", text(settings.issuer, "None")],
    ["Replaces", text(settings.formerIssuer, "No other")],
    ...own,
    ["Administrators", list(settings.administratorGroups, "No group")],
    ["Auditors", list(settings.auditorGroups, "No group")],
    ["Domains", list(settings.allowedDomains, "Every domain")],
    ["Same verified address is the same person", yes(settings.linkVerifiedEmail)],
    ["Group names", text(namesOf(settings.groupNames), "As the provider says")],
  ];
}

const namesOf = (names: Readonly<Record<string, string>> = {}) =>
  Object.entries(names)
    .slice(0, 20)
    .map(([id, name]) => `${id}: ${name}`)
    .join(", ");
