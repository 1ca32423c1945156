/** Jest: import an Avro schema (JSON) as a module, as esbuild's loader does in the bundled apps. */
module.exports = { process: (text) => ({ code: `module.exports = ${text};` }) };
