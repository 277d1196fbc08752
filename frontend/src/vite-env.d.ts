/// <reference types="vite/client" />
declare module "@alpinejs/csp" {
  const Alpine: { start(): void; data(name: string, make: () => object): void };
  export default Alpine;
}
declare module "zxing-wasm/reader/zxing_reader.wasm?url" {
  const address: string;
  export default address;
}
