"use client";

import { useState } from "react";
import { InputField } from "../../../../../components/input.tsx";

interface TextFieldProps<T> {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  placeholder?: string;
  disabled?: boolean;
  value: T;
  onChange: (value: T) => void;
}

/** A value that is written as text; what is typed stays as it is while it means the same. */
function WrittenField<T>({
  value,
  onChange,
  read,
  write,
  ...rest
}: TextFieldProps<T> & { read: (text: string) => T; write: (value: T) => string }) {
  const [text, setText] = useState(() => write(value));
  if (write(read(text)) !== write(value)) setText(write(value));
  return (
    <InputField
      {...rest}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(read(event.target.value));
      }}
    />
  );
}

const readList = (text: string) => text.split(/[\s,]+/).filter(Boolean);
const writeList = (list: readonly string[]) => list.join(", ");

/** A list of names or patterns, separated by commas or blanks. */
export function ListField(props: TextFieldProps<string[]>) {
  return <WrittenField {...props} read={readList} write={writeList} />;
}

/** API groups: the core group, whose name is empty, is called `core`. */
export function GroupsField(props: TextFieldProps<string[]>) {
  return (
    <WrittenField
      {...props}
      read={(text) => readList(text).map((group) => (group === "core" ? "" : group))}
      write={(list) => writeList(list.map((group) => group || "core"))}
    />
  );
}

type Labels = Record<string, string | string[]>;

/** Labels with their values: `env=prod|staging, team=a`. */
export function LabelsField(props: TextFieldProps<Labels>) {
  return <WrittenField {...props} read={readLabels} write={writeLabels} />;
}

function readLabels(text: string): Labels {
  const pairs = readList(text).map((pair): [string, string | string[]] => {
    const [key = "", value = ""] = pair.split(/=(.*)/s, 2);
    const values = value.split("|");
    return [key, values.length === 1 ? value : values];
  });
  return Object.fromEntries(pairs);
}

const writeLabels = (labels: Labels) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${[value].flat().join("|")}`)
    .join(", ");
