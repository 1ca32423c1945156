export * from "./counts";
export * from "./dead-letter";
export * from "./headers";
export * from "./identity";
export * from "./ledger";
export * from "./read";
export * from "./topic";
