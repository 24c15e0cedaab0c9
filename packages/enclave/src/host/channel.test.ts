import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loopbackChannel } from "./channel.ts";

const events = { onFrame: () => undefined, onEnd: () => undefined };

test("a process that never connects is ended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "channel-"));
  const file = join(folder, "pid");
  const program = `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`;
  try {
    await expect(loopbackChannel([process.execPath, "-e", program], events, 1500)).rejects.toMatchObject({
      code: "StartFailed",
      message: expect.stringContaining("did not connect"),
    });
    expect(existsSync(file)).toBe(true);
    const pid = Number(readFileSync(file, "utf8"));
    const isGone = () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    await expect.poll(isGone, { timeout: 5000 }).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
