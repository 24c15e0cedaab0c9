import { bytesSlot, ENCODED_BYTES, kernel, memory, pointSlot, read, scalarSlot } from "./kernel.ts";
import { type Point, pointCoordinates } from "./point.ts";
import { type Scalar, scalarBytes } from "./scalar.ts";

/**
 * What the verifier of a linkable ring signature over commitments calculates for a member: the encodings of
 * `r0·B + c·key`, `r0·hashedKey + c·keyImage` and `r1·B + c·difference`, for less than three separate sums. Variable time.
 */
export function ringStepPublic(
  c: Scalar,
  r0: Scalar,
  r1: Scalar,
  key: Point,
  hashedKey: Point,
  keyImage: Point,
  difference: Point,
): [Uint8Array, Uint8Array, Uint8Array] {
  const bytes = memory();
  for (const [i, scalar] of [c, r0, r1].entries()) bytes.set(scalarBytes(scalar), scalarSlot(i));
  for (const [i, point] of [key, hashedKey, keyImage, difference].entries())
    bytes.set(pointCoordinates(point), pointSlot(i));
  kernel.ringStep(bytesSlot(0), scalarSlot(0), scalarSlot(1), scalarSlot(2), pointSlot(0));
  return [
    read(bytesSlot(0), ENCODED_BYTES),
    read(bytesSlot(1), ENCODED_BYTES),
    read(bytesSlot(2), ENCODED_BYTES),
  ];
}
