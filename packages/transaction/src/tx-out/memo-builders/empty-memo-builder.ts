import { formatMemo } from "../memo.ts";
import type { MemoBuilder } from "./memo-builder.ts";

/** Unused memos on every output. */
export class EmptyMemoBuilder implements MemoBuilder {
  setFee(): void {}

  memoForOutput(): Uint8Array {
    return formatMemo({ kind: "unused" });
  }

  memoForChange(): Uint8Array {
    return formatMemo({ kind: "unused" });
  }
}
