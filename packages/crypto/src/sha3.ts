export { sha3_256 as sha3256 } from "@noble/hashes/sha3.js";
