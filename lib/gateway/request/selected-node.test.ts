import { expect, test } from "vitest";
import { selectedNode } from "./selected-node.ts";

test.each([
  ["?fieldSelector=spec.nodeName%3Da", "a"],
  ["?fieldSelector=spec.nodeName%3D%3Da,status.phase=Running", "a"],
  ["?fieldSelector=status.phase=Running,spec.nodeName=a&watch=true", "a"],
])("%s selects %s", (query, node) => expect(selectedNode(query)).toBe(node));

test.each([
  "",
  "?fieldSelector=",
  "?fieldSelector=spec.nodeName!%3Da",
  "?fieldSelector=spec.nodeName%3D",
  "?fieldSelector=xspec.nodeName%3Da",
  // An escaped comma: all of it is the phase's value.
  "?fieldSelector=status.phase%3Dx%5C,spec.nodeName%3Da",
  // kube-apiserver takes the first, and drops a pair with a semicolon or a broken escape.
  "?fieldSelector=status.phase=Running&fieldSelector=spec.nodeName%3Da",
  "?fieldSelector=spec.nodeName=a;",
  "?fieldSelector=spec.nodeName=%zz",
  "?labelSelector=spec.nodeName%3Da",
])("%s selects none", (query) => expect(selectedNode(query)).toBe(null));
