import { equalBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import type { AttestationRoot } from "./roots.ts";

/**
 * The certificate of a root. `intel` must be the genuine one to the byte, and a development root must not be it nor
 * bear its name. Throws `InvalidTrustAnchor`.
 */
export function anchorOf(root: AttestationRoot, genuine: AttestationRoot): Certificate {
  const isGenuine = equalBytes(root.der, genuine.der);
  if (isGenuine !== (root.kind === "intel")) {
    throw refusal(
      "InvalidTrustAnchor",
      "root",
      isGenuine ? "Intel's root called a development root" : "another root called Intel's",
      "the kind that it is",
    );
  }
  let anchor: Certificate;
  try {
    anchor = parseCertificate(root.der, "root");
  } catch (cause) {
    throw refusal("InvalidTrustAnchor", "root", "no certificate", "one in DER", cause);
  }
  if (!isGenuine && equalBytes(anchor.subject, parseCertificate(genuine.der, "root").subject)) {
    throw refusal("InvalidTrustAnchor", "root", "a development root under Intel's name", "a name of its own");
  }
  return anchor;
}
