import { PROJECT } from "../common";

/** A label of an object on the engine. */
export interface Label {
  readonly label: string;
  readonly value: string;
}

/** The names that resources have on the engine. */
export class Names {
  private readonly prefix: string;

  /** @param prefix stands before every name, with a hyphen; nothing does when it is empty */
  constructor(prefix: string) {
    this.prefix = prefix === "" ? "" : `${prefix}-`;
  }

  get network(): string {
    return `${this.prefix}${PROJECT}`;
  }

  /** Containers go by their plain names, which users type. */
  container(name: string): string {
    return `${this.prefix}${name}`;
  }

  volume(name: string): string {
    return `${this.prefix}${PROJECT}-${name}`;
  }

  /** What `docker … --filter` finds everything with these names by, of every deployment. */
  get filter(): string {
    return `label=${this.labels.map(({ label, value }) => `${label}=${value}`).join()}`;
  }

  /** Marks what has these names. */
  get labels(): Label[] {
    return [{ label: PROJECT, value: `${this.prefix}pipeline` }];
  }
}
