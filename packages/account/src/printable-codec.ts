import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { type ApiKey, apiPrivateKeyCodec, apiPublicKeyCodec } from "./api-key.ts";
import {
  type ApiPublicAddress,
  apiPublicAddressCodec,
  apiPublicAddressFields,
} from "./public-address-codec.ts";

/** printable.PaymentRequest */
export interface ApiPaymentRequest {
  readonly publicAddress: ApiPublicAddress | undefined;
  readonly value: bigint;
  readonly memo: string;
  readonly tokenId: bigint;
  readonly paymentId: bigint;
}

/** printable.TransferPayload */
export interface ApiTransferPayload {
  readonly rootEntropy: Uint8Array;
  readonly txOutPublicKey: ApiKey | undefined;
  readonly memo: string;
  readonly bip39Entropy: Uint8Array;
}

/** printable.TxOutGiftCode */
export interface ApiTxOutGiftCode {
  readonly globalIndex: bigint;
  readonly onetimePrivateKey: ApiKey | undefined;
  readonly sharedSecret: ApiKey | undefined;
}

type Tagged<Kind extends string, Content> = Content & { readonly kind: Kind };
type AddressMember = Tagged<"publicAddress", ApiPublicAddress>;
type RequestMember = Tagged<"paymentRequest", ApiPaymentRequest>;
type PayloadMember = Tagged<"transferPayload", ApiTransferPayload>;
type GiftCodeMember = Tagged<"txOutGiftCode", ApiTxOutGiftCode>;

/** A member of the wrapper's oneof, told apart by `kind`. */
export type PrintableMessage = AddressMember | RequestMember | PayloadMember | GiftCodeMember;

const addressMember = message<AddressMember>("PublicAddress", {
  kind: f.constant("publicAddress"),
  ...apiPublicAddressFields,
});

const requestMember = message<RequestMember>("PaymentRequest", {
  kind: f.constant("paymentRequest"),
  publicAddress: f.message(1, apiPublicAddressCodec, { optional: true }),
  value: f.uint64(2),
  memo: f.string(3),
  tokenId: f.uint64(4),
  paymentId: f.uint64(5),
});

const payloadMember = message<PayloadMember>("TransferPayload", {
  kind: f.constant("transferPayload"),
  rootEntropy: f.bytes(1),
  txOutPublicKey: f.message(2, apiPublicKeyCodec, { optional: true }),
  memo: f.string(3),
  bip39Entropy: f.bytes(4),
});

const giftCodeMember = message<GiftCodeMember>("TxOutGiftCode", {
  kind: f.constant("txOutGiftCode"),
  // A varint: the text of MCIP 32 says fixed64, the implementation does not.
  globalIndex: f.uint64(1),
  onetimePrivateKey: f.message(2, apiPrivateKeyCodec, { optional: true }),
  sharedSecret: f.message(3, apiPublicKeyCodec, { optional: true }),
});

/** printable.PrintableWrapper: at most one content. */
export const printableWrapperCodec: Codec<{ readonly wrapper: PrintableMessage | undefined }> = message(
  "PrintableWrapper",
  {
    wrapper: f.oneof<PrintableMessage>([
      {
        tag: 1,
        codec: addressMember as Codec<PrintableMessage>,
        holds: ({ kind }) => kind === "publicAddress",
      },
      {
        tag: 2,
        codec: requestMember as Codec<PrintableMessage>,
        holds: ({ kind }) => kind === "paymentRequest",
      },
      {
        tag: 3,
        codec: payloadMember as Codec<PrintableMessage>,
        holds: ({ kind }) => kind === "transferPayload",
      },
      {
        tag: 4,
        codec: giftCodeMember as Codec<PrintableMessage>,
        holds: ({ kind }) => kind === "txOutGiftCode",
      },
    ]),
  },
);
