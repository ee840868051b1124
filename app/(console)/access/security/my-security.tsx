"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SecurityView } from "../../../../lib/identity/second-factor/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { Dialog, DialogClose, DialogContent } from "../../../components/dialog.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { RecoveryCodeList } from "../../../components/second-factor/recovery-code-list.tsx";
import { Page } from "../../../components/shell/page-frame.tsx";
import { AuthenticatorSection } from "./authenticator-section.tsx";
import { ENDPOINT } from "./endpoint.ts";
import { PasskeySection } from "./passkey-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { RecoverySection } from "./recovery-section.tsx";

/** With what one proves who one is: password, authenticator app, passkeys, recovery codes. */
export function MySecurity() {
  const { data, error, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, SecurityView, { signal }),
  });
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[]>([]);
  const onChanged = (recoveryCodes: string[] = []) => {
    setCodes(recoveryCodes);
    void client.invalidateQueries({ queryKey: [ENDPOINT] });
  };
  return (
    <Page path={["Access"]} title="My security">
      {data ? (
        <>
          {data.isLocal ? <PasswordSection own={data} onChanged={() => onChanged()} /> : null}
          <AuthenticatorSection own={data} onChanged={onChanged} />
          <PasskeySection own={data} onChanged={onChanged} />
          <RecoverySection own={data} onChanged={onChanged} />
        </>
      ) : null}
      {!data && error ? (
        <FailedRows error={error} noun={{ many: "second factors" }} onRetry={() => void refetch()} />
      ) : null}
      {data || error ? null : <LoadingRows />}
      <Dialog open={codes.length > 0} onOpenChange={(open) => !open && setCodes([])}>
        <DialogContent title="Keep your recovery codes" keptOn="outside-and-escape">
          <div className="grid gap-3">
            <RecoveryCodeList codes={codes} />
            <div className="flex justify-end">
              <DialogClose asChild>
                <Button look="primary">I have kept them</Button>
              </DialogClose>
            </div>
          </div>
        </DialogContent>
      </Dialog>
    </Page>
  );
}
