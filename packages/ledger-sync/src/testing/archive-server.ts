import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

/** What a server does with a request instead of answering honestly. */
export type Misbehaviour = (bytes: Uint8Array, path: string) => Uint8Array | "hang" | "drop" | number;

export interface ArchiveServer extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string;
  /** Paths asked for so far. */
  readonly requests: readonly string[];
}

/** Serves a folder over HTTP, honestly or not. */
export async function serveArchive(folder: string, misbehave?: Misbehaviour): Promise<ArchiveServer> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes === undefined) return response.writeHead(404).end("<html>not found</html>");
    const answer = misbehave?.(Uint8Array.from(bytes), path) ?? bytes;
    if (answer === "hang") return undefined;
    if (answer === "drop") return response.destroy();
    if (typeof answer === "number") return response.writeHead(answer).end("no");
    return response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
