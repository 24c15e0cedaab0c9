import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePayment, type PaymentFigures } from "./browser/payment.ts";

const ENTRY = fileURLToPath(new URL("browser/wallet-side.ts", import.meta.url));
const MAX_COMPRESSED_BYTES = 200_000;
const SEED_BYTE = 7;

interface Bundle {
  readonly code: Uint8Array;
  /** Files that went in, relative to the working directory. */
  readonly inputs: readonly string[];
  /** Modules it still imports when it runs. */
  readonly imports: readonly string[];
}

/** Rejects where a Node.js built-in is needed: esbuild resolves none for the browser. */
async function bundleWalletSide(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2022",
    format: "esm",
    outfile: "wallet-side.js",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return {
    code: outputFiles[0]!.contents,
    inputs: Object.keys(metafile.inputs),
    imports: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  };
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  return folders
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleWalletSide();
});

describe("wallet-side bundle", () => {
  test("needs no Node.js built-in and no Node-only package", () => {
    expect(bundle.imports).toEqual([]);
    expect(bundle.inputs.filter((path) => /node_modules\/(lmdb|pino|node)\//.test(path))).toEqual([]);
  });

  test("is under 200 KB compressed, kernel included", () => {
    const gzip = gzipSync(bundle.code, { level: 9 }).length;
    const brotli = brotliCompressSync(bundle.code).length;
    const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
    console.info(
      `wallet-side bundle: ${kilobytes(bundle.code.length)} minified, ${kilobytes(gzip)} gzip, ${kilobytes(brotli)} brotli`,
    );
    expect(gzip).toBeLessThan(MAX_COMPRESSED_BYTES);
    expect(brotli).toBeLessThan(MAX_COMPRESSED_BYTES);
  });
});

const chromiumPath = findChromium();

describe("wallet-side bundle in headless Chromium", () => {
  if (chromiumPath === undefined) {
    test.skip("no Chromium found (set CHROMIUM_PATH)", () => {});
    return;
  }

  const profile = mkdtempSync(join(tmpdir(), "mobilecoin-browser-"));
  let server: Server;
  let browser: BrowserContext;
  let origin: string;
  let expected: PaymentFigures;

  beforeAll(async () => {
    expected = makePayment(new Uint8Array(32).fill(SEED_BYTE));
    server = serve({
      "/": ["text/html", "<!doctype html><title>mobilecoin</title>"],
      "/wallet-side.js": ["text/javascript", bundle.code],
      "/worker.js": [
        "text/javascript",
        `import { makePayment } from "/wallet-side.js"; postMessage(makePayment(new Uint8Array(32).fill(${SEED_BYTE})));`,
      ],
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath,
      headless: true,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(profile, { recursive: true, force: true });
  });

  test("makes, validates and finds a payment in a page, as Node.js does", async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const figures = await page.evaluate(
      `import("/wallet-side.js").then(({ makePayment }) => makePayment(new Uint8Array(32).fill(${SEED_BYTE})))`,
    );
    expect(figures).toEqual(expected);
    expect(expected.received).toEqual(["1250000000000 at subaddress 0"]);
    expect(expected.rejection).not.toBe("none");
  });

  test("does the same in a web worker", async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const figures = await page.evaluate(
      `new Promise((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      })`,
    );
    expect(figures).toEqual(expected);
  });
});

function serve(
  files: Readonly<Record<string, readonly [type: string, content: string | Uint8Array]>>,
): Server {
  return createServer((request, response) => {
    const file = files[request.url ?? ""];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": `${file[0]}; charset=utf-8` }).end(file[1]);
  });
}
