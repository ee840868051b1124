"use client";

import type { ComponentProps } from "react";
import { SelectField } from "../../../components/form/field.tsx";
import { InputField } from "../../../components/input.tsx";
import { MomentField } from "../../../components/time/moment-field.tsx";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { type AskedCall, instantOf, timeOf } from "./asked-call.ts";
import { Group, Pair, type SimulatorFormProps } from "./form-layout.tsx";

const METHODS = [
  { value: "CLI", label: "kubectl, programs" },
  { value: "Browser", label: "Web shell" },
];
const TIMES = [
  { value: "now", label: "Now" },
  { value: "at", label: "At a time" },
];

type TextProps = (
  key: keyof AskedCall,
  apiField: string,
) => Omit<ComponentProps<typeof InputField>, "label"> & { id: string };

/** From where, when and how the call would be made. */
export function CircumstanceFields({
  draft,
  onChange,
  errors,
  text,
}: Pick<SimulatorFormProps, "draft" | "onChange" | "errors"> & { text: TextProps }) {
  const { timeZone } = useTimeZoneChoice();
  const zone = timeZone ?? "UTC";
  return (
    <Group title="How and when">
      <Pair>
        <InputField {...text("address", "clientAddress")} label="From address" hint="Empty: not known." />
        <SelectField
          id="simulate-method"
          label="By"
          value={draft.method}
          onValueChange={(method) => onChange({ method })}
          options={METHODS}
        />
      </Pair>
      <Pair>
        <SelectField
          id="simulate-when"
          label="When"
          value={draft.at === "" ? "now" : "at"}
          onValueChange={(when) => onChange({ at: when === "now" ? "" : new Date().toISOString() })}
          options={TIMES}
        />
        <InputField
          {...text("factor", "secondFactorAt")}
          label="Second factor"
          inputMode="numeric"
          hint="Minutes before; empty: not shown."
        />
      </Pair>
      {draft.at === "" ? null : (
        <MomentField
          id="simulate-at"
          label="Time"
          value={timeOf(draft, zone)}
          onChange={(wall) => onChange({ at: instantOf(wall, zone) })}
          error={errors.of("at")}
          hint={zone}
        />
      )}
    </Group>
  );
}
