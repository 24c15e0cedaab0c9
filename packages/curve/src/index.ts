export { CurveError, type CurveErrorCode } from "./error.ts";
export { FixedBase } from "./fixed-base.ts";
export { Point } from "./point.ts";
export { type RandomBytes, systemRandom } from "./random.ts";
export { ORDER, Scalar } from "./scalar.ts";
