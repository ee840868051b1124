import type { Cluster } from "../cluster.ts";
import { type FieldError, invalidValue, requiredValue } from "../http/status-error.ts";
import { at, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

function allocateClusterIP(cluster: Cluster): string {
  const used = new Set(cluster.store.list("/services").map((service) => at(service, "spec", "clusterIP")));
  for (;;) {
    const address = `10.96.${Math.floor(cluster.random() * 255)}.${2 + Math.floor(cluster.random() * 250)}`;
    if (!used.has(address)) return address;
  }
}

function allocateNodePort(cluster: Cluster): number {
  return 30_000 + Math.floor(cluster.random() * 2768);
}

export const serviceStrategy: Strategy = {
  returnsDeleted: true,
  setDefaults(service) {
    const spec = ensureFields(service, "spec");
    setDefault(spec, "type", "ClusterIP");
    setDefault(spec, "sessionAffinity", "None");
    for (const port of listOf(spec.ports).filter(isFields)) {
      setDefault(port, "protocol", "TCP");
      setDefault(port, "targetPort", port.port);
    }
    if (spec.type === "ExternalName") return;
    setDefault(spec, "internalTrafficPolicy", "Cluster");
    if (spec.type !== "ClusterIP") setDefault(spec, "externalTrafficPolicy", "Cluster");
    if (spec.type === "LoadBalancer") setDefault(spec, "allocateLoadBalancerNodePorts", true);
  },
  prepareForCreate(service, cluster) {
    const spec = ensureFields(service, "spec");
    service.status = { loadBalancer: {} };
    if (spec.type === "ExternalName") return;
    if (textOf(spec.clusterIP) === "") spec.clusterIP = allocateClusterIP(cluster);
    setDefault(spec, "clusterIPs", [spec.clusterIP]);
    setDefault(spec, "ipFamilies", ["IPv4"]);
    setDefault(spec, "ipFamilyPolicy", "SingleStack");
    if (spec.type !== "ClusterIP") {
      for (const port of listOf(spec.ports).filter(isFields))
        setDefault(port, "nodePort", allocateNodePort(cluster));
    }
  },
  validate(service) {
    const { type, ports, clusterIP } = fieldsOf(service.spec);
    const errors: FieldError[] = [];
    if (!["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"].includes(textOf(type))) {
      const message = `Unsupported value: ${JSON.stringify(type)}: supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"`;
      errors.push({ field: "spec.type", reason: "FieldValueNotSupported", message });
    }
    if (type !== "ExternalName" && clusterIP !== "None" && listOf(ports).length === 0) {
      errors.push(requiredValue("spec.ports"));
    }
    for (const [index, port] of listOf(ports).entries()) {
      const number = fieldsOf(port).port;
      if (typeof number !== "number" || number < 1 || number > 65_535) {
        errors.push(
          invalidValue(`spec.ports[${index}].port`, number ?? 0, "must be between 1 and 65535, inclusive"),
        );
      }
    }
    return errors;
  },
  validateUpdate(service, before) {
    const was = textOf(at(before, "spec", "clusterIP"));
    const now = textOf(at(service, "spec", "clusterIP"));
    if (was === now || was === "" || at(service, "spec", "type") === "ExternalName") return [];
    return [
      invalidValue(
        "spec.clusterIPs[0]",
        now === "" ? null : [now],
        "primary clusterIP can not be unset once set",
      ),
    ];
  },
};
