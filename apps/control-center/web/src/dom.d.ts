/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/// <reference lib="dom.asynciterable" />

/** Style sheets are bundled by esbuild. */
declare module "*.css";
