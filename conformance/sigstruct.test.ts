import { AttestationError, isSigStructSigned, parseSigStruct } from "@mobilecoin-ts/attestation";
import { bytesToHex, u64le } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectorJson, readVectorBytes } from "./vectors.ts";

interface SigStructCase extends Record<string, unknown> {
  name: string;
  file: string;
  patch: { offset: number; xor: number } | null;
  truncate_to?: number | null;
  parses: boolean;
  signature_valid: boolean;
}

describeVectors("sigstruct", () => {
  for (const row of loadVectorJson<{ cases: SigStructCase[] }>("sigstruct/cases.json").cases) {
    test(row.name, () => {
      const whole = readVectorBytes(`sigstruct/${row.file}`);
      const bytes = whole.slice(0, row.truncate_to ?? whole.length);
      if (row.patch !== null) bytes[row.patch.offset] = bytes[row.patch.offset]! ^ row.patch.xor;
      if (!row.parses) {
        expect(() => parseSigStruct(bytes)).toThrow(AttestationError);
        return;
      }
      const read = parseSigStruct(bytes);
      expect({
        ...row,
        byte_length: bytes.length,
        header: bytesToHex(read.header),
        vendor: bytesToHex(read.vendor),
        date: read.date,
        exponent: read.exponent,
        mr_signer: bytesToHex(read.mrSigner),
        misc_select: read.miscSelect,
        attribute_flags: bytesToHex(u64le(read.attributesFlags)),
        attribute_xfrm: bytesToHex(u64le(read.xfrm)),
        mr_enclave: bytesToHex(read.mrEnclave),
        isv_prod_id: read.isvProdId,
        isv_svn: read.isvSvn,
        parses: true,
        signature_valid: isSigStructSigned(read),
      }).toEqual(row);
    });
  }
});
