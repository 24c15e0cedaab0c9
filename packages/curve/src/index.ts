export { CurveError, type CurveErrorCode } from "./error.ts";
export { FixedBase } from "./fixed-base.ts";
export { Point } from "./point.ts";
export { PointVector } from "./point-vector.ts";
export { type RandomBytes, systemRandom } from "./random.ts";
export { ORDER, Scalar } from "./scalar.ts";
export { ScalarVector } from "./scalar-vector.ts";
export { StaticTable } from "./static-table.ts";
export { type Product, selectedSum, sumOfProducts, sumOfProductsPublic } from "./sum-of-products.ts";
