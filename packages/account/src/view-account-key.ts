import type { Point, Scalar } from "@mobilecoin-ts/curve";
import type { PublicAddress } from "./public-address.ts";
import { type SubaddressPoints, subaddressPoints } from "./subaddress.ts";

/** What it takes to find an account's outputs, but not to spend them: view private key a and spend public key B. */
export class ViewAccountKey {
  readonly viewPrivateKey: Scalar;
  readonly spendPublicKey: Point;

  constructor(viewPrivateKey: Scalar, spendPublicKey: Point) {
    this.viewPrivateKey = viewPrivateKey;
    this.spendPublicKey = spendPublicKey;
  }

  /** Points C and D of a subaddress. */
  subaddressPoints(index: bigint): SubaddressPoints {
    return subaddressPoints(this.viewPrivateKey, this.spendPublicKey, index);
  }

  /** Spend public key D of a subaddress, with which outputs sent to it are recognised. */
  subaddressSpendPublicKey(index: bigint): Point {
    return this.subaddressPoints(index).spendPublicKey;
  }

  /**
   * Address of a subaddress, without Fog: the Fog authority signature takes the spend private key, so for a Fog
   * account this differs from the address of the full account.
   */
  subaddress(index: bigint): PublicAddress {
    const { viewPublicKey, spendPublicKey } = this.subaddressPoints(index);
    return {
      viewPublicKey: viewPublicKey.encode(),
      spendPublicKey: spendPublicKey.encode(),
      fogReportUrl: "",
      fogReportId: "",
      fogAuthoritySig: new Uint8Array(0),
    };
  }
}
