import { type FieldError, invalidValue, requiredValue } from "../http/status-error.ts";
import { equalJson, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

const rbacGroup = "rbac.authorization.k8s.io";

export const bindingStrategy: Strategy = {
  setDefaults(binding) {
    setDefault(ensureFields(binding, "roleRef"), "apiGroup", rbacGroup);
    for (const subject of listOf(binding.subjects).filter(isFields)) {
      if (subject.kind !== "ServiceAccount") setDefault(subject, "apiGroup", rbacGroup);
    }
  },
  validate(binding) {
    const { name, kind } = fieldsOf(binding.roleRef);
    const errors: FieldError[] = [];
    if (textOf(name) === "") errors.push(requiredValue("roleRef.name"));
    if (kind !== "Role" && kind !== "ClusterRole") {
      const message = `Unsupported value: ${JSON.stringify(kind ?? "")}: supported values: "Role", "ClusterRole"`;
      errors.push({ field: "roleRef.kind", reason: "FieldValueNotSupported", message });
    }
    return errors;
  },
  validateUpdate(binding, before) {
    if (equalJson(binding.roleRef, before.roleRef)) return [];
    return [invalidValue("roleRef", binding.roleRef, "cannot change roleRef")];
  },
};

export const roleStrategy: Strategy = {
  setDefaults(role) {
    if (role.aggregationRule === undefined) setDefault(role, "rules", []);
  },
  validate(role) {
    return listOf(role.rules).flatMap((rule, index) =>
      listOf(fieldsOf(rule).verbs).length === 0
        ? [requiredValue(`rules[${index}].verbs`, "verbs must contain at least one value")]
        : [],
    );
  },
};
