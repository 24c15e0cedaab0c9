/** A source of random bytes: given a length, a fresh array of that many bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** The platform's CSPRNG (`crypto.getRandomValues`). */
export const systemRandom: RandomBytes = (length) => {
  const bytes = new Uint8Array(length);
  // getRandomValues fills at most 65536 bytes a call.
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
};
