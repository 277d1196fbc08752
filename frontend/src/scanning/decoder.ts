/** The decoder for browsers that bring none: ZXing as WebAssembly, from our own address. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

const OPTIONS: ReaderOptions = { formats: ["QRCode", "DataMatrix", "EAN13", "Code128"], tryHarder: true, maxNumberOfSymbols: 1 };

export async function prepare(): Promise<void> {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
}

export async function decode(picture: ImageData): Promise<string> {
  return (await readBarcodes(picture, OPTIONS)).find((one) => one.isValid)?.text ?? "";
}
