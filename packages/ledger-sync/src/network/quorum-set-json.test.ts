import { expect, test } from "vitest";
import { networkOfPeers, parseQuorumSet } from "./quorum-set-json.ts";

const node = (args: string) => ({ type: "Node", args });
const observed = (network: ReturnType<typeof networkOfPeers>, ...names: readonly string[]) => {
  for (const responderId of names) network.observe({ responderId, publicKey: new Uint8Array(0) }, 5n, true);
  return network.isBehind(4n);
};

test("all peers have to agree, where nobody says otherwise", () => {
  expect(observed(networkOfPeers(["a:1", "b:1"]), "a:1")).toBe(false);
  expect(observed(networkOfPeers(["a:1", "b:1"]), "a:1", "b:1")).toBe(true);
});

test("a quorum set with inner sets counts as written", () => {
  const inner = { type: "InnerSet", args: { threshold: 1, members: [node("b:1"), node("c:1")] } };
  const set = parseQuorumSet(JSON.stringify({ threshold: 2, members: [node("a:1"), inner] }));
  const names = ["a:1", "b:1", "c:1"];
  expect(observed(networkOfPeers(names, set), "b:1", "c:1")).toBe(false);
  expect(observed(networkOfPeers(names, set), "a:1", "c:1")).toBe(true);
});

test.each([
  ["{", "not JSON"],
  ["[]", "no object"],
  ['{"threshold":-1,"members":[]}', "threshold"],
  ['{"threshold":2,"members":[{"type":"Node","args":"a:1"}]}', "above the number"],
  ['{"threshold":1,"members":[{"type":"Node","args":"a"}]}', "members[0].args"],
  ['{"threshold":1,"members":[{"type":"Other","args":"a:1"}]}', "members[0]"],
  ['{"threshold":1,"members":[{"type":"InnerSet","args":{"threshold":1}}]}', "members[0].args.members"],
])("refuses %s", (json, place) => {
  expect(() => parseQuorumSet(json)).toThrow(
    expect.objectContaining({ code: "InvalidQuorumSet", message: expect.stringContaining(place) }),
  );
});

test("refuses what no honest network could satisfy, or anybody", () => {
  const refusal = expect.objectContaining({ code: "InvalidQuorumSet" });
  expect(() => networkOfPeers(["a:1", "a:1"])).toThrow(refusal);
  expect(() => networkOfPeers([])).toThrow(refusal);
  const stranger = parseQuorumSet(JSON.stringify({ threshold: 1, members: [node("z:1")] }));
  expect(() => networkOfPeers(["a:1"], stranger)).toThrow(refusal);
});
