import { gracefulRun, grpcTransport, startAdminHttpGateway } from "@mobilecoin-ts/service";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { type Command, InvalidArgumentError, Option } from "commander";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";

interface GatewayOptions {
  readonly listenHost: string;
  readonly listenPort: number;
  readonly adminUri: ServiceUri;
}

/** `mobilecoin admin-http-gateway`: a server's admin API as a web page (04 section 2.9.4). */
export function addAdminGatewayCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("admin-http-gateway")
    .description("show a server's admin API as a web page, with its metrics and log filter")
    .addOption(
      new Option("--listen-host <host>", "address to listen on").env("MC_LISTEN_HOST").default("127.0.0.1"),
    )
    .addOption(
      new Option("--listen-port <port>", "port to listen on, 0 for a free one")
        .env("MC_LISTEN_PORT")
        .default(9090)
        .argParser(parsePort),
    )
    .addOption(
      new Option("--admin-uri <uri>", "the server's admin listener, such as insecure-mca://127.0.0.1:9091/")
        .env("MC_ADMIN_URI")
        .makeOptionMandatory()
        .argParser(parseAdminUri),
    )
    .action(({ listenHost, listenPort, adminUri }: GatewayOptions) =>
      gracefulRun(async (keep) => {
        const transport = keep(grpcTransport(adminUri));
        const gateway = keep(await startAdminHttpGateway({ transport, host: listenHost, port: listenPort }));
        printLine(terminal, `Admin page of ${adminUri} at ${gateway.url} (Ctrl-C ends)`);
      }),
    );
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new InvalidArgumentError("give a port of 0 to 65535");
  return Number(text);
}

function parseAdminUri(text: string): ServiceUri {
  try {
    return new ServiceUri("admin", text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "it is no admin URI");
  }
}
