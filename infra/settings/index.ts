export { definitions, type SettingDefinition } from "./definitions";
export {
  type Environment,
  resolveEach,
  type ResolvedSetting,
  resolveSettings,
  SettingsError,
} from "./resolve";
export { type Settings } from "./schema";
