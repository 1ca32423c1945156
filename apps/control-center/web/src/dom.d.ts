/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Style sheets are bundled by esbuild. */
declare module "*.css";
