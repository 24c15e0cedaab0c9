import { type ContextKey, createContextKey } from "@connectrpc/connect";

/** Names and values by turns, as they stood in the request; each character is one byte. */
export const rawHeadersKey: ContextKey<readonly string[]> = createContextKey<readonly string[]>([], {
  description: "headers of the request as received",
});
