export { definitions, type SettingDefinition } from "./definitions";
export { type Environment } from "./lookup";
export { resolveEach, type ResolvedSetting, resolveSettings, SettingsError } from "./resolve";
export { retiredNotices } from "./retired";
export { type Settings } from "./schema";
